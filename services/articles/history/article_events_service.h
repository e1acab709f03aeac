// The RPC of ArticlesService that tells what was done to an article, and by whom.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/articles_service.pb.h"

namespace masthead::articles {

class ArticleEventsService {
 public:
  ArticleEventsService(db::Database& database, const crypto::MacKey& key) : database_(database), page_tokens_(key) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::ListArticleEventsResponse> List(const Call&, const v1::ListArticleEventsRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles

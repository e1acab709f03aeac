// SearchArticles, of ReadingService.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/reading_service.pb.h"

namespace masthead::articles {

class SearchService {
 public:
  SearchService(db::Database& database, const crypto::MacKey& key) : database_(database), page_tokens_(key) {}

  void Register(rpc::Service& reading_service);

 private:
  absl::StatusOr<v1::SearchArticlesResponse> Search(const rpc::Call&, const v1::SearchArticlesRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles

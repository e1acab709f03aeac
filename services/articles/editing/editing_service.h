// The RPCs of ArticlesService that write the working copy.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/articles_service.pb.h"

namespace masthead::articles {

class EditingService {
 public:
  EditingService(db::Database& database, const crypto::MacKey& key) : database_(database), page_tokens_(key) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Article> Get(const Call&, const v1::GetArticleRequest&);
  absl::StatusOr<v1::ListArticlesResponse> List(const Call&, const v1::ListArticlesRequest&);
  absl::StatusOr<v1::Article> Create(const Call&, const v1::CreateArticleRequest&);
  absl::StatusOr<v1::Article> Update(const Call&, const v1::UpdateArticleRequest&);
  absl::StatusOr<v1::Article> Duplicate(const Call&, const v1::DuplicateArticleRequest&);
  absl::StatusOr<v1::SuggestSlugResponse> SuggestSlug(const Call&, const v1::SuggestSlugRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles

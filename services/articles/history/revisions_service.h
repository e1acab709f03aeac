// The RPCs of ArticlesService that look back.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/articles_service.pb.h"

namespace masthead::articles {

class RevisionsService {
 public:
  RevisionsService(db::Database& database, const crypto::MacKey& key) : database_(database), page_tokens_(key) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::ArticleRevision> GetRevision(const Call&, const v1::GetArticleRevisionRequest&);
  absl::StatusOr<v1::ListArticleRevisionsResponse> ListRevisions(const Call&, const v1::ListArticleRevisionsRequest&);
  absl::StatusOr<v1::DiffArticleRevisionsResponse> Diff(const Call&, const v1::DiffArticleRevisionsRequest&);
  absl::StatusOr<v1::Article> Rollback(const Call&, const v1::RollbackArticleRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::articles

// The RPCs of ArticlesService that delete an article, bring it back, or remove it for good.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/articles_service.pb.h"

namespace masthead::articles {

class DeletionService {
 public:
  explicit DeletionService(db::Database& database) : database_(database) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Article> Delete(const Call&, const v1::DeleteArticleRequest&);
  absl::StatusOr<v1::Article> Undelete(const Call&, const v1::UndeleteArticleRequest&);
  absl::StatusOr<v1::PurgeArticleResponse> Purge(const Call&, const v1::PurgeArticleRequest&);

  db::Database& database_;
};

}  // namespace masthead::articles

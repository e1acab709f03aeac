// The RPCs of ArticlesService for several articles at once, all or none.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/article_batch.pb.h"

namespace masthead::articles {

class BatchService {
 public:
  explicit BatchService(db::Database& database) : database_(database) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::BatchGetArticlesResponse> BatchGet(const Call&, const v1::BatchGetArticlesRequest&);
  absl::StatusOr<v1::BatchUpdateArticlesResponse> BatchUpdate(const Call&, const v1::BatchUpdateArticlesRequest&);

  db::Database& database_;
};

}  // namespace masthead::articles

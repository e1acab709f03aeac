// The RPCs of ArticlesService by which somebody looks at an article before readers do.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/articles/v1/articles_service.pb.h"
#include "services/articles/publishing/review.h"

namespace masthead::articles {

class ReviewService {
 public:
  ReviewService(db::Database& database, HouseRules rules) : database_(database), rules_(rules) {}

  void Register(rpc::Service& articles_service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Article> Submit(const Call&, const v1::SubmitForReviewRequest&);
  absl::StatusOr<v1::Article> Approve(const Call&, const v1::ApproveArticleRequest&);
  absl::StatusOr<v1::Article> RequestChanges(const Call&, const v1::RequestChangesRequest&);

  db::Database& database_;
  const HouseRules rules_;
};

}  // namespace masthead::articles

#include "services/articles/publishing/review_service.h"

#include <cstdint>
#include <string>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/name.h"
#include "common/text/text.h"
#include "services/articles/article/article_lookup.h"
#include "services/articles/article/article_proto.h"
#include "services/articles/article/article_store.h"

namespace masthead::articles {
namespace {

constexpr int64_t kMaxComment = 2000;

Reviewer ReviewerOf(const auth::Caller& caller) {
  return {.subject = caller.principal(), .is_admin = caller.HasRole("admin")};
}

}  // namespace

void ReviewService::Register(rpc::Service& articles_service) {
  articles_service.Unary("SubmitForReview", this, &ReviewService::Submit);
  articles_service.Unary("ApproveArticle", this, &ReviewService::Approve);
  articles_service.Unary("RequestChanges", this, &ReviewService::RequestChanges);
}

absl::StatusOr<v1::Article> ReviewService::Submit(const Call& call, const v1::SubmitForReviewRequest& request) {
  FieldViolations violations;
  if (!request.assignee().empty() && !resource::ParseName(request.assignee(), "staffMembers/*").has_value()) {
    violations.Add("assignee", "is no name staffMembers/{staff_member}");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        RETURN_IF_ERROR(SubmitForReview(article, call.caller->principal(), request.assignee(), Now(tx)));
        SaveArticle(tx, article);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> ReviewService::Approve(const Call& call, const v1::ApproveArticleRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        RETURN_IF_ERROR(articles::Approve(article, ReviewerOf(*call.caller), rules_, Now(tx)));
        SaveArticle(tx, article);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

absl::StatusOr<v1::Article> ReviewService::RequestChanges(const Call& call, const v1::RequestChangesRequest& request) {
  std::string comment = request.comment();
  FieldViolations violations;
  text::CheckText("comment", comment, kMaxComment, /*required=*/true, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const std::string id, ParseArticleId("name", request.name()));
  return idempotency::Mutate<v1::Article>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Article> {
        ASSIGN_OR_RETURN(Article article, FindArticleForChange(tx, id, request.etag(), change));
        RETURN_IF_ERROR(articles::RequestChanges(article, ReviewerOf(*call.caller), comment, Now(tx)));
        SaveArticle(tx, article);
        change.revision_after = article.version;
        return ToProto(article);
      });
}

}  // namespace masthead::articles

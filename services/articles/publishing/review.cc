#include "services/articles/publishing/review.h"

#include "common/base/status_macros.h"
#include "services/articles/errors.h"
#include "services/articles/publishing/state_machine.h"

namespace masthead::articles {
namespace {

// A change to a published article waits for review without a state of its own.
bool IsAskedFor(const Article& article) {
  return article.review.has_value() && article.review->decision == Review::Decision::kNone;
}

absl::Status CheckReviewer(const Article& article, const Reviewer& reviewer) {
  const std::string& assignee = article.review->assignee;
  if (assignee.empty() || assignee == reviewer.subject || reviewer.is_admin) return absl::OkStatus();
  return ReviewAssigned(ArticleName(article.id), assignee);
}

absl::Status Decide(Article& article, Action action, const Reviewer& reviewer, Review::Decision decision,
                    absl::Time now) {
  RETURN_IF_ERROR(Check(article, action));
  if (!IsAskedFor(article)) return BadState(ArticleName(article.id), Name(article.state), Name(action));
  RETURN_IF_ERROR(CheckReviewer(article, reviewer));
  RETURN_IF_ERROR(Move(article, action));
  Review& review = *article.review;
  review.revision = article.revision;
  review.decision = decision;
  review.decided_by = reviewer.subject;
  review.update_time = now;
  article.update_time = now;
  return absl::OkStatus();
}

}  // namespace

absl::Status SubmitForReview(Article& article, const std::string& requested_by, const std::string& assignee,
                             absl::Time now) {
  RETURN_IF_ERROR(Move(article, Action::kSubmitForReview));
  article.review =
      Review{.requested_by = requested_by, .assignee = assignee, .revision = article.revision, .update_time = now};
  article.update_time = now;
  return absl::OkStatus();
}

absl::Status Approve(Article& article, const Reviewer& reviewer, const HouseRules& rules, absl::Time now) {
  RETURN_IF_ERROR(Check(article, Action::kApprove));
  const bool own = article.review.has_value() && article.review->requested_by == reviewer.subject;
  if (rules.require_review && own) return OwnSubmission(ArticleName(article.id));
  return Decide(article, Action::kApprove, reviewer, Review::Decision::kApproved, now);
}

absl::Status RequestChanges(Article& article, const Reviewer& reviewer, const std::string& comment, absl::Time now) {
  RETURN_IF_ERROR(Decide(article, Action::kRequestChanges, reviewer, Review::Decision::kChangesRequested, now));
  article.review->comment = comment;
  return absl::OkStatus();
}

bool IsApproved(const Article& article) {
  return article.review.has_value() && article.review->decision == Review::Decision::kApproved &&
         article.review->revision == article.revision;
}

}  // namespace masthead::articles

// A second pair of eyes: who may ask for it, and who may give it. Plain values, no database.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/articles/article/article.h"
#include "services/articles/publishing/house_rules.h"

namespace masthead::articles {

// BAD_STATE.
absl::Status SubmitForReview(Article& article, const std::string& requested_by, const std::string& assignee,
                             absl::Time now);

// Who decides: `reviewer` is the subject of the caller's credentials.
struct Reviewer {
  std::string subject;
  bool is_admin = false;  // Decides also what was assigned to somebody else.
};

// BAD_STATE, REVIEW_ASSIGNED (to another), OWN_SUBMISSION (under require_review).
absl::Status Approve(Article& article, const Reviewer& reviewer, const HouseRules& rules, absl::Time now);

// BAD_STATE, REVIEW_ASSIGNED.
absl::Status RequestChanges(Article& article, const Reviewer& reviewer, const std::string& comment, absl::Time now);

// Whether somebody approved the very revision that the article has now.
bool IsApproved(const Article& article);

}  // namespace masthead::articles

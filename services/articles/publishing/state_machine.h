// The state machine of articles, closed: what state_machine.cc does not list is refused.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

enum class Action {
  kSave,
  kSubmitForReview,
  kApprove,
  kRequestChanges,
  kSchedule,
  kUnschedule,
  kPublish,
  kCarryOut,  // The clock publishes what was planned...
  kLapse,     // ...or gives up what was to be withdrawn again by now.
  kUnpublish,
  kCorrect,
  kRetract,
  kReinstate,
  kDelete,
  kUndelete,
  kPurge,
};

inline constexpr Action kActions[] = {
    Action::kSave,      Action::kSubmitForReview, Action::kApprove,  Action::kRequestChanges,
    Action::kSchedule,  Action::kUnschedule,      Action::kPublish,  Action::kCarryOut,
    Action::kLapse,     Action::kUnpublish,       Action::kCorrect,  Action::kRetract,
    Action::kReinstate, Action::kDelete,          Action::kUndelete, Action::kPurge};

// As errors call it: the RPC, where there is one.
absl::string_view Name(Action action);

// Whether the article's state allows the action. BAD_STATE.
absl::Status Check(const Article& article, Action action);

// Brings the article to the state that the action leads to. BAD_STATE.
absl::Status Move(Article& article, Action action);

}  // namespace masthead::articles

#include "services/notifications/feedback/feedback_errors.h"

#include "common/base/errors.h"

namespace masthead::notifications {

absl::Status FeedbackUnreadable(absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, why, {"notifications.masthead", "FEEDBACK_UNREADABLE", {}});
}

}  // namespace masthead::notifications

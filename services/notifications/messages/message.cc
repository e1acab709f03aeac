#include "services/notifications/messages/message.h"

#include "absl/strings/str_cat.h"

namespace masthead::notifications {

std::string MessageName(absl::string_view id) { return absl::StrCat("messages/", id); }

bool IsTransactional(const Message& message) { return message.lane == kCriticalLane; }

bool HasEnded(const Message& message) {
  return message.state == "FINISHED" || message.state == "CANCELLED" || message.state == "FAILED";
}

}  // namespace masthead::notifications

#include "services/notifications/mobilepush/mobile_push_channel.h"

#include <string>
#include <utility>

#include "common/base/status_macros.h"
#include "common/text/characters.h"
#include "services/notifications/outbound/gateway_window.h"
#include "services/notifications/recipients/endpoint_target.h"

namespace masthead::notifications::mobilepush {
namespace {

// Code points, of four bytes at most each. A note may have 4096 bytes in all.
constexpr int64_t kMaxTitle = 150;
constexpr int64_t kMaxBody = 500;

std::string Cut(const std::string& text, int64_t code_points) {
  const absl::string_view beginning = text::FirstCodePoints(text, code_points);
  return beginning.size() == text.size() ? text : std::string(beginning) + "…";
}

}  // namespace

absl::StatusOr<PushNote> MobilePushChannel::Write(const Message& message, const Due& due) {
  ASSIGN_OR_RETURN(EndpointTarget target,
                   OpenTarget(targets_key_, due.recipient_id, due.endpoint_id, due.sealed_target));
  ASSIGN_OR_RETURN(const ShortText text, texts_.TextFor(message, due));
  return PushNote{.token = std::move(target.token),
                  .message = MessageName(message.id),
                  .title = Cut(text.push_title, kMaxTitle),
                  .body = Cut(text.push_body, kMaxBody),
                  .url = text.push_url,
                  .urgent = message.lane == "BREAKING",
                  .expire_time = message.expire_time};
}

Channel::HandedOver MobilePushChannel::Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                                            absl::Time deadline) {
  return HandOverTo<PushNote>(
      lease, window, [&](const Due& due) { return Write(message, due); },
      [&](const std::vector<PushNote>& notes) { return gateway_->Send({.deadline = deadline}, notes); });
}

}  // namespace masthead::notifications::mobilepush

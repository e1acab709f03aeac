#include "services/notifications/sms/sms_channel.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "services/notifications/outbound/gateway_window.h"
#include "services/notifications/recipients/endpoint_target.h"
#include "services/notifications/sms/segments.h"

namespace masthead::notifications::sms {

absl::StatusOr<std::string> SmsChannel::TextFor(const Message& message, const Due& due) {
  ASSIGN_OR_RETURN(const ShortText text, texts_.TextFor(message, due));
  if (text.sms.empty()) return FitWithUrl(message.alert.headline, message.alert.url, max_segments_);
  const Segments segments = CountSegments(text.sms);
  if (segments.count > max_segments_) {
    return absl::InvalidArgumentError(
        absl::StrCat("the text takes ", segments.count, " short messages, ", max_segments_, " are allowed"));
  }
  return text.sms;
}

absl::StatusOr<ShortMessage> SmsChannel::Write(const Message& message, const Due& due, absl::Time now) {
  ASSIGN_OR_RETURN(EndpointTarget target,
                   OpenTarget(targets_key_, due.recipient_id, due.endpoint_id, due.sealed_target));
  ASSIGN_OR_RETURN(std::string text, TextFor(message, due));
  return ShortMessage{
      .to = std::move(target.phone_number), .text = std::move(text), .lifetime = message.expire_time - now};
}

Channel::HandedOver SmsChannel::Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                                     absl::Time deadline) {
  const absl::Time now = absl::Now();
  return HandOverTo<ShortMessage>(
      lease, window, [&](const Due& due) { return Write(message, due, now); },
      [&](const std::vector<ShortMessage>& written) { return gateway_->Send({.deadline = deadline}, written); });
}

}  // namespace masthead::notifications::sms

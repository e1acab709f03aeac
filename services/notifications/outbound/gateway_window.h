// The way of a window of deliveries through a gateway, the same for every kind of message.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/telemetry/log.h"
#include "services/notifications/outbound/gateway_outcome.h"
#include "services/notifications/sending/channel.h"

namespace masthead::notifications {

// No message could be written, for the reason that `error` gives: for good, or not now.
inline Decision Unwritten(const Due& due, const absl::Status& error) {
  if (absl::IsUnavailable(error) || absl::IsDeadlineExceeded(error) || absl::IsAborted(error)) {
    return Decide(due, {.kind = GatewayResult::Kind::kNotHeard}, /*at_most_once=*/true);
  }
  return {.seq = due.seq, .disposition = Unrenderable(error), .attempted = true, .text = std::string(error.message())};
}

// Writes a message for each delivery, sends those that could be written, and decides about all.
template <typename Written>
Channel::HandedOver HandOverTo(const Lease& lease, const std::vector<Due>& window,
                               absl::FunctionRef<absl::StatusOr<Written>(const Due&)> write,
                               absl::FunctionRef<std::vector<GatewayResult>(const std::vector<Written>&)> send) {
  Channel::HandedOver handed_over{.decisions = {}, .reachable = false};
  std::vector<const Due*> asked;
  std::vector<Written> messages;
  for (const Due& due : window) {
    absl::StatusOr<Written> written = write(due);
    if (written.ok()) {
      asked.push_back(&due);
      messages.push_back(*std::move(written));
    } else {
      handed_over.decisions.push_back(Unwritten(due, written.status()));
      handed_over.reachable = true;
    }
  }
  const std::vector<GatewayResult> results = send(messages);
  bool misconfigured = false;
  for (size_t i = 0; i < results.size(); ++i) {
    handed_over.decisions.push_back(Decide(*asked[i], results[i], lease.at_most_once));
    handed_over.reachable = handed_over.reachable || WasThere(results[i]);
    misconfigured = misconfigured || results[i].kind == GatewayResult::Kind::kMisconfigured;
  }
  if (misconfigured) telemetry::Error("a gateway does not take our credentials", {});
  return handed_over;
}

}  // namespace masthead::notifications

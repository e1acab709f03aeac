#include "services/notifications/outbound/gateway_outcome.h"

#include <algorithm>

#include "common/http/client.h"

namespace masthead::notifications {
namespace {

using Kind = GatewayResult::Kind;

constexpr absl::Duration kUntilItMayBeBack = absl::Minutes(1);

Disposition DispositionOf(const Due& due, const GatewayResult& result, bool at_most_once) {
  const absl::Duration back_off = Backoff(due.attempts + 1, Jitter(due.seq, due.attempts));
  switch (result.kind) {
    case Kind::kTaken:
      return {.state = "SENT"};
    case Kind::kNoSuchAddress:
      return {.state = "FAILED", .reason = "HARD_BOUNCE", .suppress_address = true};
    case Kind::kGone:
      return {.state = "FAILED", .reason = "ENDPOINT_GONE", .expire_endpoint = true};
    case Kind::kRefused:
      return {.state = "FAILED", .reason = "REFUSED"};
    case Kind::kPolicy:
      return {.state = "FAILED", .reason = "POLICY"};
    case Kind::kBusy:
      return {.state = "DEFERRED", .retry_in = std::max(back_off, result.asked_pause)};
    case Kind::kLost:
      if (at_most_once) return {.state = "UNCERTAIN"};
      return {.state = "DEFERRED", .retry_in = back_off};
    case Kind::kMisconfigured:
    case Kind::kNotHeard:
      break;
  }
  return {.state = "DEFERRED", .retry_in = kUntilItMayBeBack, .counts_as_attempt = false};
}

}  // namespace

GatewayResult WithoutAnswer(const absl::Status& status) {
  return {.kind = http::SurelyNotHeard(status) ? Kind::kNotHeard : Kind::kLost, .text = "no answer"};
}

Decision Decide(const Due& due, const GatewayResult& result, bool at_most_once) {
  return {.seq = due.seq,
          .disposition = DispositionOf(due, result, at_most_once),
          .attempted = true,
          .smtp_code = result.status,
          .text = result.text};
}

bool WasThere(const GatewayResult& result) {
  return result.kind != Kind::kMisconfigured && result.kind != Kind::kNotHeard;
}

}  // namespace masthead::notifications

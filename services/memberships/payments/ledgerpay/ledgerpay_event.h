// Ledgerpay's events as JSON: a fact each.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships::ledgerpay {

inline constexpr char kEventVersion[] = "1";

struct Event {
  std::string id;
  std::string type;  // `payment.settled`
  std::string version;
  bool livemode = false;
  ProviderFact fact;
};

// The body that is signed, of an event of our version.
std::string FormatEvent(absl::string_view id, absl::Time time, bool livemode, const ProviderFact& fact);

// INVALID_ARGUMENT for what is no event of ledgerpay's.
absl::StatusOr<Event> ParseEvent(absl::string_view body);

}  // namespace masthead::memberships::ledgerpay

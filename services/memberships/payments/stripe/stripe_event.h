// Stripe's events, as the facts they tell. No I/O: what an event leaves out is named, and given by who asks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships::stripe {

struct StripeEvent {
  std::string id;
  std::string type;
  std::string api_version;
  bool livemode = false;
  nlohmann::json object;  // `data.object`, as it was then.
};

// INVALID_ARGUMENT for what is no event.
absl::StatusOr<StripeEvent> ReadEvent(absl::string_view body);

// The path of the object that has to be fetched to understand the event: a session names its PaymentIntent or
// SetupIntent and nothing of the payment method, a PaymentIntent that comes with an event has no fee, and a
// Subscription may have moved on since. Empty if there is none.
std::string PathOfMissing(const StripeEvent& event);

// The facts of an event of our version; `missing` is the object at PathOfMissing, null if there is none. None for
// events that are nothing to us, and for objects without what every one of their kind has.
std::vector<ProviderFact> FactsOf(const StripeEvent& event, const nlohmann::json* missing);

}  // namespace masthead::memberships::stripe

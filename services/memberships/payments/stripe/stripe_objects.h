// What Stripe's objects mean to us: read strictly, from version kApiVersion. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships::stripe {

// The member at the path of names; nothing if there is none, or it is null or of another kind. TextAt gives empty text
// for that.
std::string TextAt(const nlohmann::json& object, std::initializer_list<const char*> path);
std::optional<int64_t> NumberAt(const nlohmann::json& object, std::initializer_list<const char*> path);
std::optional<bool> FlagAt(const nlohmann::json& object, std::initializer_list<const char*> path);
// Null if there is none.
const nlohmann::json* ObjectAt(const nlohmann::json& object, std::initializer_list<const char*> path);
// The ID of what is given as an ID or, expanded, as an object.
std::string IdAt(const nlohmann::json& object, std::initializer_list<const char*> path);

// A PaymentIntent, or the error that a refused one was answered with.
ChargeOutcome OutcomeOfIntent(const nlohmann::json& payment_intent);
ChargeOutcome OutcomeOfError(int http_status, const nlohmann::json& answer);

// A Refund.
RefundOutcome OutcomeOfRefund(const nlohmann::json& refund);

// A Subscription of Stripe's own billing, without the time when it was asked for; nothing for what is none, is billed
// in several currencies or amounts, or in a currency that we do not know.
std::optional<ExternalSubscription> SubscriptionOf(const nlohmann::json& subscription);

// Whether the same card may be tried again later (https://docs.stripe.com/declines/codes).
bool IsRetryable(absl::string_view decline_code);

// What Stripe keeps of a charge, if the intent has `latest_charge.balance_transaction` expanded and it is in the
// currency of the charge; else 0.
int64_t FeeOf(const nlohmann::json& payment_intent);

}  // namespace masthead::memberships::stripe

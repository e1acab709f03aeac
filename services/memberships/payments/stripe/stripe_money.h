// How Stripe counts, where that is not how ISO 4217 does. Nothing outside this adapter knows.
//
// https://docs.stripe.com/currencies: zero-decimal currencies, special cases, three-decimal currencies, minimum
// amounts.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships::stripe {

// The `amount` to send. INVALID_ARGUMENT if Stripe does not take the currency, or cannot express the amount: whole
// units only (MGA, and ISK and UGX the other way round), or a last digit other than 0 (KWD and the other currencies
// with three decimals). It is never rounded: what was promised to the buyer is what is charged.
absl::StatusOr<int64_t> ToAmount(const Money& money);

// What an `amount` of Stripe's is, `currency` as Stripe writes it, in lower case. INVALID_ARGUMENT for a currency that
// Stripe does not have, or an amount that ISO 4217 cannot express.
absl::StatusOr<Money> ToMoney(absl::string_view currency, int64_t amount);

// OK if a charge of this can be made: ToAmount, and neither below Stripe's minimum nor above eight digits.
absl::Status CheckChargeable(const Money& money);

}  // namespace masthead::memberships::stripe

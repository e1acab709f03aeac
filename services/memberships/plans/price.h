// A price: what a tier costs in one currency, or what a donation may be. Its terms never change.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "services/memberships/billing/money.h"
#include "services/memberships/billing/period.h"

namespace masthead::memberships {

struct Price {
  enum class State { kActive, kArchived };

  std::string id;
  std::string tier_id;  // Empty: a donation.
  std::string display_name;
  Money money;                          // Of a period and a seat.
  std::optional<int64_t> least_amount;  // Set, with `most_amount`: the buyer decides.
  std::optional<int64_t> most_amount;
  std::optional<BillingInterval> interval;  // Once, for good, if unset.
  int32_t trial_days = 0;
  int32_t least_seats = 1;
  int32_t most_seats = 1;
  int32_t tax_basis_points = 0;
  int32_t grace_days = 21;
  State state = State::kActive;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

// Of any price, and so of anything that is sold: in minor units.
inline constexpr int64_t kLeastAmount = 1;
inline constexpr int64_t kMostAmount = 99'999'999;
inline constexpr int32_t kMostTrialDays = 730;
inline constexpr int32_t kMostSeats = 10'000;

std::string PriceName(absl::string_view id);

absl::string_view Name(Price::State state);
std::optional<Price::State> ParsePriceState(absl::string_view name);

// Normalises and checks what a caller chose. `field` is the path of the price in the request.
void CheckPrice(absl::string_view field, Price& price, FieldViolations& violations);

// Ends the sale. PRICE_ARCHIVED if it has ended.
absl::Status Archive(Price& price);

}  // namespace masthead::memberships

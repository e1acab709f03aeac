// What something costs, under which offer: read when a checkout is opened and when a change is priced.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"
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

struct Offer {
  enum class Kind { kPercent, kAmount, kFreeDays };
  enum class Duration { kOnce, kRepeating, kForever };
  enum class Occasion { kSignUp, kRetention };
  enum class State { kActive, kArchived };

  std::string id;
  std::string display_name;
  Kind kind = Kind::kPercent;
  int32_t basis_points = 0;  // kPercent.
  Money off;                 // kAmount.
  int32_t free_days = 0;     // kFreeDays.
  Duration duration = Duration::kOnce;
  int32_t invoices = 0;  // kRepeating.
  Occasion occasion = Occasion::kSignUp;
  std::vector<std::string> tier_ids;  // Any if empty.
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> end_time;
  std::optional<int32_t> max_redemptions;
  State state = State::kActive;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

// Any price, archived ones too. PRICE_NOT_FOUND.
absl::StatusOr<Price> LoadPrice(db::Transaction& tx, absl::string_view price_id);

// Any offer. OFFER_NOT_FOUND.
absl::StatusOr<Offer> LoadOffer(db::Transaction& tx, absl::string_view offer_id);

// What the offer takes off `amount`; how many invoices it lasts, unset for ever.
int64_t DiscountOf(const Offer& offer, int64_t amount);
std::optional<int32_t> InvoicesOf(const Offer& offer);

// Checks that the offer applies, locks it and holds one of its redemptions for the member until `expire_time`. A hold
// of the same member is taken over. OFFER_NOT_FOUND, OFFER_ENDED, OFFER_EXHAUSTED, OFFER_NOT_APPLICABLE,
// OFFER_REDEEMED.
absl::StatusOr<Offer> ReserveOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id,
                                   const Price& price, Offer::Occasion occasion, absl::Time expire_time,
                                   absl::Time now);

// What was held is used, for good; also if the hold ran out while money was on its way.
void RedeemOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id, absl::Time now);

// Gives up what was held, if it was.
void ReleaseOffer(db::Transaction& tx, absl::string_view offer_id, absl::string_view member_id);

// How long this member's first period is free: the price's trial or the offer's free days, whichever is longer; 0 if
// this member ever had a trial of the group, under whatever name. Consumes the trial if `now` it begins.
int32_t TrialDays(db::Transaction& tx, absl::string_view member_id, absl::string_view product_group, const Price& price,
                  const Offer* offer);
void ConsumeTrial(db::Transaction& tx, absl::string_view member_id, absl::string_view product_group, absl::Time now);

}  // namespace masthead::memberships

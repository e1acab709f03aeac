// An offer: something off the price, so often, for so many, for a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "services/memberships/billing/money.h"
#include "services/memberships/plans/price.h"

namespace masthead::memberships {

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
  int32_t redemptions = 0;  // Without what is held.
  State state = State::kActive;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time update_time;
};

inline constexpr int kMaxOfferTiers = 50;

std::string OfferName(absl::string_view id);

absl::string_view Name(Offer::Kind kind);
absl::string_view Name(Offer::Duration duration);
absl::string_view Name(Offer::Occasion occasion);
absl::string_view Name(Offer::State state);
std::optional<Offer::Kind> ParseOfferKind(absl::string_view name);
std::optional<Offer::Duration> ParseOfferDuration(absl::string_view name);
std::optional<Offer::Occasion> ParseOfferOccasion(absl::string_view name);
std::optional<Offer::State> ParseOfferState(absl::string_view name);

// Normalises and checks what a caller chose. `field` is the path of the offer in the request.
void CheckOffer(absl::string_view field, Offer& offer, FieldViolations& violations);

// Ends it. OFFER_ENDED if that was done before.
absl::Status Archive(Offer& offer);

// It can be had at `now`: OFFER_ENDED.
absl::Status CheckRuns(const Offer& offer, absl::Time now);

// It is made for this price on this occasion: OFFER_NOT_APPLICABLE. Not for a donation, nor where the buyer decides
// what to pay; an amount off is for its own currency, and free days or several invoices for what is paid more than
// once.
absl::Status CheckApplies(const Offer& offer, const Price& price, Offer::Occasion occasion);

// What the offer takes off `amount`; never more than it.
int64_t DiscountOf(const Offer& offer, int64_t amount);

// How many invoices it lasts, unset for ever; none if it gives free days.
std::optional<int32_t> InvoicesOf(const Offer& offer);

// How many days are free before the first invoice, for somebody who never had a trial: free days and the price's trial
// do not add up.
int32_t FreeDaysOf(const Price& price, const Offer* offer);

}  // namespace masthead::memberships

#include "services/memberships/plans/offer.h"

#include <algorithm>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/memberships/billing/amounts.h"
#include "services/memberships/billing/currency.h"
#include "services/memberships/plans/offering_errors.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxDisplayName = 40;
constexpr int32_t kMaxInvoices = 120;
constexpr int32_t kMaxRedemptions = 10'000'000;

void CheckWithin(const std::string& field, int64_t value, int64_t least, int64_t most, FieldViolations& violations) {
  if (value < least || value > most) violations.Add(field, absl::StrCat("must be from ", least, " to ", most));
}

void CheckTerms(absl::string_view field, const Offer& offer, FieldViolations& violations) {
  const auto path = [&](absl::string_view name) { return absl::StrCat(field, ".", name); };
  switch (offer.kind) {
    case Offer::Kind::kPercent:
      CheckWithin(path("percent_basis_points"), offer.basis_points, 1, kBasisPoints, violations);
      break;
    case Offer::Kind::kAmount:
      CheckWithin(path("amount_off.minor_units"), offer.off.amount, kLeastAmount, kMostAmount, violations);
      if (!IsCurrencyCode(offer.off.currency)) {
        violations.Add(path("amount_off.currency_code"), "must be three capital letters");
      }
      break;
    case Offer::Kind::kFreeDays:
      CheckWithin(path("free_days"), offer.free_days, 1, kMostTrialDays, violations);
      if (offer.duration != Offer::Duration::kOnce) violations.Add(path("duration"), "must be ONCE for `free_days`");
      break;
  }
  const bool repeats = offer.duration == Offer::Duration::kRepeating;
  CheckWithin(path("invoices"), offer.invoices, repeats ? 1 : 0, repeats ? kMaxInvoices : 0, violations);
}

void CheckTiers(absl::string_view field, const Offer& offer, FieldViolations& violations) {
  const std::set<std::string> distinct(offer.tier_ids.begin(), offer.tier_ids.end());
  if (distinct.size() != offer.tier_ids.size()) violations.Add(absl::StrCat(field, ".tiers"), "must differ");
}

}  // namespace

std::string OfferName(absl::string_view id) { return absl::StrCat("offers/", id); }

absl::string_view Name(Offer::Kind kind) {
  switch (kind) {
    case Offer::Kind::kPercent:
      return "PERCENT";
    case Offer::Kind::kAmount:
      return "AMOUNT";
    case Offer::Kind::kFreeDays:
      return "FREE_DAYS";
  }
  return "";
}

absl::string_view Name(Offer::Duration duration) {
  switch (duration) {
    case Offer::Duration::kOnce:
      return "ONCE";
    case Offer::Duration::kRepeating:
      return "REPEATING";
    case Offer::Duration::kForever:
      return "FOREVER";
  }
  return "";
}

absl::string_view Name(Offer::Occasion occasion) {
  return occasion == Offer::Occasion::kSignUp ? "SIGN_UP" : "RETENTION";
}

absl::string_view Name(Offer::State state) { return state == Offer::State::kActive ? "ACTIVE" : "ARCHIVED"; }

std::optional<Offer::Kind> ParseOfferKind(absl::string_view name) {
  for (Offer::Kind kind : {Offer::Kind::kPercent, Offer::Kind::kAmount, Offer::Kind::kFreeDays}) {
    if (name == Name(kind)) return kind;
  }
  return std::nullopt;
}

std::optional<Offer::Duration> ParseOfferDuration(absl::string_view name) {
  for (Offer::Duration duration : {Offer::Duration::kOnce, Offer::Duration::kRepeating, Offer::Duration::kForever}) {
    if (name == Name(duration)) return duration;
  }
  return std::nullopt;
}

std::optional<Offer::Occasion> ParseOfferOccasion(absl::string_view name) {
  if (name == "SIGN_UP") return Offer::Occasion::kSignUp;
  if (name == "RETENTION") return Offer::Occasion::kRetention;
  return std::nullopt;
}

std::optional<Offer::State> ParseOfferState(absl::string_view name) {
  if (name == "ACTIVE") return Offer::State::kActive;
  if (name == "ARCHIVED") return Offer::State::kArchived;
  return std::nullopt;
}

void CheckOffer(absl::string_view field, Offer& offer, FieldViolations& violations) {
  text::CheckLine(absl::StrCat(field, ".display_name"), offer.display_name, kMaxDisplayName, /*required=*/true,
                  violations);
  CheckTerms(field, offer, violations);
  CheckTiers(field, offer, violations);
  if (offer.start_time && offer.end_time && *offer.end_time <= *offer.start_time) {
    violations.Add(absl::StrCat(field, ".end_time"), "must be after `start_time`");
  }
  if (offer.max_redemptions) {
    CheckWithin(absl::StrCat(field, ".max_redemptions"), *offer.max_redemptions, 1, kMaxRedemptions, violations);
  }
}

absl::Status Archive(Offer& offer) {
  if (offer.state == Offer::State::kArchived) return OfferEnded(offer.id);
  offer.state = Offer::State::kArchived;
  return absl::OkStatus();
}

absl::Status CheckRuns(const Offer& offer, absl::Time now) {
  const bool runs = offer.state == Offer::State::kActive && now >= offer.start_time.value_or(absl::InfinitePast()) &&
                    now < offer.end_time.value_or(absl::InfiniteFuture());
  return runs ? absl::OkStatus() : OfferEnded(offer.id);
}

absl::Status CheckApplies(const Offer& offer, const Price& price, Offer::Occasion occasion) {
  const bool is_for_tier = offer.tier_ids.empty() || absl::c_linear_search(offer.tier_ids, price.tier_id);
  const bool is_for_currency = offer.kind != Offer::Kind::kAmount || offer.off.currency == price.money.currency;
  const bool needs_periods = offer.kind == Offer::Kind::kFreeDays || offer.duration == Offer::Duration::kRepeating;
  const bool applies = offer.occasion == occasion && !price.tier_id.empty() && !price.least_amount.has_value() &&
                       is_for_tier && is_for_currency && (price.interval.has_value() || !needs_periods);
  return applies ? absl::OkStatus() : OfferNotApplicable(offer.id);
}

int64_t DiscountOf(const Offer& offer, int64_t amount) {
  switch (offer.kind) {
    case Offer::Kind::kPercent:
      return PercentOff(amount, offer.basis_points);
    case Offer::Kind::kAmount:
      return AmountOff(amount, offer.off.amount);
    case Offer::Kind::kFreeDays:
      return 0;
  }
  return 0;
}

std::optional<int32_t> InvoicesOf(const Offer& offer) {
  if (offer.kind == Offer::Kind::kFreeDays) return 0;
  switch (offer.duration) {
    case Offer::Duration::kOnce:
      return 1;
    case Offer::Duration::kRepeating:
      return offer.invoices;
    case Offer::Duration::kForever:
      return std::nullopt;
  }
  return 1;
}

int32_t FreeDaysOf(const Price& price, const Offer* offer) {
  const bool gives_days = offer != nullptr && offer->kind == Offer::Kind::kFreeDays;
  return std::max(price.trial_days, gives_days ? offer->free_days : 0);
}

}  // namespace masthead::memberships

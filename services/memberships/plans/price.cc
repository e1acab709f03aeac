#include "services/memberships/plans/price.h"

#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/memberships/billing/amounts.h"
#include "services/memberships/billing/currency.h"
#include "services/memberships/plans/offering_errors.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxDisplayName = 191;
constexpr int32_t kMaxIntervalCount = 36;
constexpr int32_t kMaxGraceDays = 30;

class Checker {
 public:
  Checker(absl::string_view price, FieldViolations& violations) : price_(price), violations_(violations) {}

  void Within(absl::string_view name, int64_t value, int64_t least, int64_t most) {
    if (value < least || value > most) Wrong(name, absl::StrCat("must be from ", least, " to ", most));
  }

  void Wrong(absl::string_view name, absl::string_view why) { violations_.Add(Path(name), why); }

  std::string Path(absl::string_view name) const { return absl::StrCat(price_, ".", name); }

 private:
  const absl::string_view price_;
  FieldViolations& violations_;
};

void CheckAmount(const Price& price, Checker& checker) {
  if (!IsCurrencyCode(price.money.currency)) checker.Wrong("amount.currency_code", "must be three capital letters");
  if (!price.least_amount.has_value()) {
    checker.Within("amount.minor_units", price.money.amount, kLeastAmount, kMostAmount);
    if (price.tier_id.empty()) checker.Wrong("amount_bounds", "is required for a donation");
    return;
  }
  checker.Within("amount_bounds.least", *price.least_amount, kLeastAmount, kMostAmount);
  checker.Within("amount_bounds.most", *price.most_amount, *price.least_amount, kMostAmount);
  checker.Within("amount.minor_units", price.money.amount, *price.least_amount, *price.most_amount);
}

}  // namespace

std::string PriceName(absl::string_view id) { return absl::StrCat("prices/", id); }

absl::string_view Name(Price::State state) { return state == Price::State::kActive ? "ACTIVE" : "ARCHIVED"; }

std::optional<Price::State> ParsePriceState(absl::string_view name) {
  if (name == "ACTIVE") return Price::State::kActive;
  if (name == "ARCHIVED") return Price::State::kArchived;
  return std::nullopt;
}

void CheckPrice(absl::string_view field, Price& price, FieldViolations& violations) {
  Checker checker(field, violations);
  text::CheckLine(checker.Path("display_name"), price.display_name, kMaxDisplayName, /*required=*/true, violations);
  CheckAmount(price, checker);
  if (price.interval) checker.Within("interval.count", price.interval->count, 1, kMaxIntervalCount);
  // Only what is given again and again can be given for nothing at first.
  checker.Within("trial_days", price.trial_days, 0, price.interval && !price.tier_id.empty() ? kMostTrialDays : 0);
  const int32_t most_seats = price.tier_id.empty() ? 1 : kMostSeats;
  checker.Within("least_seats", price.least_seats, 1, most_seats);
  checker.Within("most_seats", price.most_seats, price.least_seats, most_seats);
  checker.Within("tax_basis_points", price.tax_basis_points, 0, kBasisPoints);
  checker.Within("grace_days", price.grace_days, 0, kMaxGraceDays);
}

absl::Status Archive(Price& price) {
  if (price.state == Price::State::kArchived) return PriceArchived(price.id);
  price.state = Price::State::kArchived;
  return absl::OkStatus();
}

}  // namespace masthead::memberships

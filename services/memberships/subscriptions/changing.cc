#include "services/memberships/subscriptions/changing.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/memberships/billing/amounts.h"
#include "services/memberships/billing/proration.h"
#include "services/memberships/errors.h"
#include "services/memberships/plans/offering_errors.h"
#include "services/memberships/subscriptions/subscription_errors.h"
#include "services/memberships/subscriptions/subscription_moves.h"

namespace masthead::memberships {
namespace {

absl::Status CheckReplaces(const Subscription& subscription, const Price& price) {
  const SubscriptionTerms& now = subscription.terms;
  if (price.state == Price::State::kArchived && price.id != now.price_id) {
    return PriceArchived(price.id);
  }
  if (price.money.currency != now.money.currency) {
    return CurrencyMismatch(now.money.currency, price.money.currency);
  }
  FieldViolations violations;
  if (!price.interval) violations.Add("price", "must be paid again and again");
  if (price.tier_id.empty() != now.tier_id.empty())
    violations.Add("price", "must be of the same kind: tier or donation");
  return violations.ToStatus();
}

absl::Status CheckAmount(const Price& price, int64_t amount) {
  const int64_t least = price.least_amount.value_or(price.money.amount);
  const int64_t most = price.most_amount.value_or(price.money.amount);
  return amount < least || amount > most ? AmountOutOfRange(least, most) : absl::OkStatus();
}

absl::Status CheckSeatsSold(const Price& price, int32_t seats) {
  FieldViolations violations;
  if (seats < price.least_seats || seats > price.most_seats) {
    violations.Add("seats", absl::StrCat("must be from ", price.least_seats, " to ", price.most_seats));
  }
  return violations.ToStatus();
}

// Those that were paid for the period that it is in, changes within it included.
std::vector<const Invoice*> PaidOfPeriod(const Subscription& subscription, const std::vector<Invoice>& invoices) {
  std::vector<const Invoice*> paid;
  for (const Invoice& invoice : invoices) {
    if (invoice.state != Invoice::State::kPaid || !invoice.period_start_time) continue;
    if (*invoice.period_start_time >= subscription.period_start_time) paid.push_back(&invoice);
  }
  return paid;
}

// What an invoice asked for this period, tax included; less than nothing if it gave credit. Where a whole new period
// began with a change, the credit was for the one before, and paid for this one as money does.
int64_t AskedForPeriod(const Invoice& invoice) {
  const bool began_period = std::any_of(invoice.lines.begin(), invoice.lines.end(), [](const InvoiceLine& line) {
    return line.kind == InvoiceLine::Kind::kPeriod;
  });
  int64_t asked = 0;
  for (const InvoiceLine& line : invoice.lines) {
    if (began_period && line.kind == InvoiceLine::Kind::kProrationCredit) continue;
    asked += line.amount - line.discount + line.tax;
  }
  return asked;
}

// What the period has brought, less what went back; nothing at least.
int64_t PaidForPeriod(const Subscription& subscription, const std::vector<Invoice>& invoices) {
  int64_t paid = 0;
  for (const Invoice* invoice : PaidOfPeriod(subscription, invoices))
    paid += AskedForPeriod(*invoice) - invoice->refunded;
  return std::max<int64_t>(paid, 0);
}

// Whether this period was bought with the offer taken off.
bool IsDiscounted(const Subscription& subscription, const std::vector<Invoice>& invoices) {
  const std::vector<const Invoice*> paid = PaidOfPeriod(subscription, invoices);
  return !subscription.offer_id.empty() &&
         std::any_of(paid.begin(), paid.end(), [](const Invoice* invoice) { return invoice->discount > 0; });
}

InvoiceLine Line(InvoiceLine::Kind kind, const Price& price, int32_t seats, int64_t amount, absl::Time start,
                 std::optional<absl::Time> end) {
  return {.kind = kind,
          .description = price.display_name,
          .quantity = seats,
          .amount = amount,
          .start_time = start,
          .end_time = end};
}

}  // namespace

absl::StatusOr<SubscriptionTerms> WantedTerms(Offerings& offerings, db::Transaction& tx,
                                              const Subscription& subscription, const WantedChange& wanted) {
  const std::string price_id = wanted.price_id.value_or(subscription.terms.price_id);
  RETURN_IF_ERROR(LoadPrice(tx, price_id).status());
  const Price& price = offerings.PriceOf(price_id);
  RETURN_IF_ERROR(CheckReplaces(subscription, price));
  const bool same_price = price.id == subscription.terms.price_id;
  const int64_t amount = wanted.amount.value_or(same_price ? subscription.terms.money.amount : price.money.amount);
  const int32_t seats =
      wanted.seats.value_or(same_price ? subscription.terms.seats
                                       : std::clamp(subscription.terms.seats, price.least_seats, price.most_seats));
  RETURN_IF_ERROR(CheckAmount(price, amount));
  RETURN_IF_ERROR(CheckSeatsSold(price, seats));
  return TermsOf(price, amount, seats);
}

bool BeginsNow(const Subscription& subscription, const SubscriptionTerms& terms, ChangeTiming timing) {
  if (subscription.state == Subscription::State::kTrialing) return true;
  if (timing != ChangeTiming::kByDirection) return timing == ChangeTiming::kImmediate;
  return AnnualRevenue(terms) > AnnualRevenue(subscription.terms);
}

absl::StatusOr<absl::Time> ProrationTime(const Subscription& subscription, const WantedChange& wanted, absl::Time now) {
  const absl::Time time = wanted.proration_time.value_or(now);
  const bool is_outdated = time > now || now - time > kPreviewLifetime || time < subscription.period_start_time;
  if (is_outdated) return PreviewOutdated();
  return time;
}

InvoiceDraft DraftOfChange(Offerings& offerings, const Subscription& subscription, const SubscriptionTerms& terms,
                           const std::vector<Invoice>& invoices, absl::Time time, absl::Time now) {
  const bool goes_on = SameInterval(subscription.terms, terms);
  const bool discounted = IsDiscounted(subscription, invoices);
  const auto discount = [&](int64_t amount) {
    return discounted ? amount - DiscountOf(offerings.OfferOf(subscription.offer_id), amount) : amount;
  };
  const Proration proration = Prorate(discount(PeriodPrice(subscription.terms)), discount(PeriodPrice(terms)),
                                      subscription.period_start_time, *subscription.period_end_time, time);
  const int64_t paid =
      Scale(PaidForPeriod(subscription, invoices), kBasisPoints, kBasisPoints + subscription.terms.tax_basis_points);
  const Price& old_price = offerings.PriceOf(subscription.terms.price_id);
  const Price& price = offerings.PriceOf(terms.price_id);

  InvoiceDraft draft;
  draft.member_id = subscription.member_id;
  draft.subscription_id = subscription.id;
  draft.kind = Invoice::Kind::kChange;
  draft.currency = terms.money.currency;
  draft.tax_basis_points = terms.tax_basis_points;
  draft.period_start_time = time;
  draft.period_end_time =
      goes_on ? *subscription.period_end_time : PeriodBoundary(time, subscription.time_zone, *terms.interval, 1);
  draft.due_time = now;
  draft.lines.push_back(Line(InvoiceLine::Kind::kProrationCredit, old_price, subscription.terms.seats,
                             -std::min(proration.credit, paid), time, subscription.period_end_time));
  // An offer counts invoices, so a period that begins with the change takes its part of it, and the rest of one does
  // not.
  const int64_t charge =
      goes_on ? proration.charge : PeriodPrice(terms) - offerings.NextDiscount(subscription, PeriodPrice(terms));
  draft.lines.push_back(Line(goes_on ? InvoiceLine::Kind::kProrationCharge : InvoiceLine::Kind::kPeriod, price,
                             terms.seats, charge, time, draft.period_end_time));
  return draft;
}

absl::Status ApplyChange(Offerings& offerings, Subscription& subscription, const SubscriptionTerms& terms,
                         absl::Time time, absl::Time now) {
  const int64_t period = subscription.period_index;
  RETURN_IF_ERROR(Change(subscription, terms, time, now));
  const bool began_period = subscription.period_index != period;
  if (began_period && subscription.offer_invoices_left.value_or(0) > 0) --*subscription.offer_invoices_left;
  offerings.SetLastingDiscount(subscription);
  return absl::OkStatus();
}

int64_t UnusedMoney(const Subscription& subscription, const std::vector<Invoice>& invoices, absl::Time now) {
  if (!subscription.period_end_time || !subscription.period_paid) return 0;
  // Each invoice was for the time from its start to the end of the period; a credit is as negative as it was then.
  int64_t unused = 0;
  for (const Invoice* invoice : PaidOfPeriod(subscription, invoices)) {
    unused +=
        Prorate(AskedForPeriod(*invoice), 0, *invoice->period_start_time, *subscription.period_end_time, now).credit;
  }
  return std::clamp<int64_t>(unused, 0, PaidForPeriod(subscription, invoices));
}

}  // namespace masthead::memberships

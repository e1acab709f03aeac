#include "services/memberships/cashier/opening.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "services/memberships/billing/chargeable.h"
#include "services/memberships/books/book_errors.h"
#include "services/memberships/books/checkout_draft.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/payments/settling.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/plans/offering_errors.h"
#include "services/memberships/subscriptions/settlement.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kShortest = absl::Minutes(30);
constexpr absl::Duration kLongest = absl::Hours(24);
// An INCOMPLETE subscription expires with its checkout.
constexpr absl::Duration kLongestOfSubscription = absl::Hours(23);
constexpr absl::Duration kLatestDelivery = absl::Hours(24 * 365);
constexpr int64_t kMostAmount = 99'999'999;

constexpr char kMembership[] = "membership";
constexpr char kDonation[] = "donation";

// The product group of the subscription that the checkout begins; empty if it begins none.
std::string GroupOf(const Checkout& checkout, const Price& price) {
  if (checkout.kind == Checkout::Kind::kSubscription) return kMembership;
  return checkout.kind == Checkout::Kind::kDonation && price.interval ? kDonation : "";
}

// Of a period; 0 where that is no whole number of months.
int32_t MonthsOf(const BillingInterval& interval) {
  switch (interval.unit) {
    case BillingInterval::Unit::kMonth:
      return interval.count;
    case BillingInterval::Unit::kYear:
      return 12 * interval.count;
    case BillingInterval::Unit::kWeek:
      return 0;
  }
  return 0;
}

void CheckTimes(const WantedCheckout& wanted, Checkout& checkout, absl::Time now, FieldViolations& violations) {
  checkout.create_time = now;
  checkout.expire_time = wanted.expire_time.value_or(now + kShortest);
  const absl::Duration longest = checkout.kind == Checkout::Kind::kSubscription ? kLongestOfSubscription : kLongest;
  if (checkout.expire_time < now + kShortest - absl::Minutes(1) || checkout.expire_time > now + longest) {
    violations.Add("checkout.expire_time", "must be 30 minutes to 24 hours from now, 23 hours for a subscription");
  }
  if (wanted.deliver_time && *wanted.deliver_time > now + kLatestDelivery) {
    violations.Add("checkout.gift.deliver_time", "must be within a year from now");
  }
}

void CheckGiftLength(const WantedCheckout& wanted, const Price& price, Checkout& checkout,
                     FieldViolations& violations) {
  if (checkout.kind != Checkout::Kind::kGift) return;
  const int32_t period = price.interval ? MonthsOf(*price.interval) : 0;
  if (!price.interval && wanted.months == 0) return;
  if (period == 0 || wanted.months == 0 || wanted.months % period != 0) {
    violations.Add("checkout.gift.months", "must be a whole number of the price's periods");
    return;
  }
  checkout.quantity = wanted.months / period;
}

void CheckAgainstPrice(const WantedCheckout& wanted, const Price& price, Checkout& checkout,
                       FieldViolations& violations) {
  const bool donation = checkout.kind == Checkout::Kind::kDonation;
  if (donation != price.tier_id.empty()) {
    violations.Add("checkout.price", donation ? "must be one of a donation" : "must be one of a tier");
  }
  if (checkout.seats == 0) checkout.seats = checkout.kind == Checkout::Kind::kSubscription ? price.least_seats : 1;
  const bool grouped = checkout.kind == Checkout::Kind::kSubscription;
  if (checkout.seats < (grouped ? price.least_seats : 1) || checkout.seats > (grouped ? price.most_seats : 1)) {
    violations.Add("checkout.seats", absl::StrCat("must be ", price.least_seats, " to ", price.most_seats));
  }
  CheckGiftLength(wanted, price, checkout, violations);
}

// What the buyer decides, or the price says.
absl::Status ChooseAmount(const Price& price, Checkout& checkout) {
  if (checkout.unit_amount == 0) checkout.unit_amount = price.money.amount;
  const int64_t least = price.least_amount.value_or(price.money.amount);
  const int64_t most = price.most_amount.value_or(price.money.amount);
  if (checkout.unit_amount < least || checkout.unit_amount > most) return AmountOutOfRange(least, most);
  return absl::OkStatus();
}

// What is paid now.
absl::Status PriceCheckout(db::Transaction& tx, const Price& price, const Offer* offer, const std::string& group,
                           Checkout& checkout, absl::Time now) {
  const int64_t total = PriceDraft(DraftOf(checkout, price, offer, now)).invoice.total;
  if (total > kMostAmount) return AmountOutOfRange(0, kMostAmount);
  const bool free_at_first = group == kMembership && TrialDays(tx, checkout.member_id, group, price, offer) > 0;
  checkout.money = {price.money.currency, free_at_first ? 0 : Chargeable({price.money.currency, total})};
  return absl::OkStatus();
}

void InsertPaymentOf(db::Transaction& tx, const Checkout& checkout) {
  Payment payment;
  payment.id = ids::NewUuid();
  payment.member_id = checkout.member_id;
  payment.checkout_id = checkout.id;
  payment.kind = Payment::Kind::kCheckout;
  payment.provider = checkout.provider;
  payment.money = checkout.money;
  payment.create_time = checkout.create_time;
  InsertPayment(tx, payment);
}

absl::StatusOr<Checkout> OpenForMethod(db::Transaction& tx, Checkout checkout) {
  const std::optional<std::string> currency =
      LoadSubscriptionCurrency(tx, checkout.member_id, checkout.subscription_id);
  if (!currency) {
    return SubscriptionNotFound(
        absl::StrCat("members/", checkout.member_id, "/subscriptions/", checkout.subscription_id));
  }
  checkout.money = {*currency, 0};
  checkout.seats = 1;
  InsertCheckout(tx, checkout);
  return checkout;
}

}  // namespace

absl::StatusOr<Checkout> OpenCheckout(db::Transaction& tx, events::Feed& feed, const WantedCheckout& wanted,
                                      const PaymentProvider& provider, absl::Time now) {
  Checkout checkout = wanted.checkout;
  if (!LockMember(tx, checkout.member_id)) return MemberNotFound(checkout.member_id);
  FieldViolations violations;
  CheckTimes(wanted, checkout, now, violations);
  checkout.id = ids::NewUuid();
  checkout.provider = provider.name();
  if (checkout.kind == Checkout::Kind::kPaymentMethod) {
    RETURN_IF_ERROR(violations.ToStatus());
    return OpenForMethod(tx, std::move(checkout));
  }

  ASSIGN_OR_RETURN(const Price price, LoadPrice(tx, checkout.price_id));
  CheckAgainstPrice(wanted, price, checkout, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (price.state != Price::State::kActive) return PriceArchived(price.id);
  RETURN_IF_ERROR(ChooseAmount(price, checkout));
  const std::string group = GroupOf(checkout, price);
  if (const std::string live = LoadLiveSubscription(tx, checkout.member_id, group); !live.empty()) {
    return SubscribedAlready(absl::StrCat("members/", checkout.member_id, "/subscriptions/", live));
  }
  std::optional<Offer> offer;
  if (!checkout.offer_id.empty()) {
    ASSIGN_OR_RETURN(offer, ReserveOffer(tx, checkout.offer_id, checkout.member_id, price, Offer::Occasion::kSignUp,
                                         checkout.expire_time, now));
  }
  RETURN_IF_ERROR(PriceCheckout(tx, price, offer ? &*offer : nullptr, group, checkout, now));
  if (checkout.money.amount > 0) RETURN_IF_ERROR(provider.CheckChargeable(checkout.money));

  if (!group.empty()) checkout.subscription_id = OpenSubscription(tx, feed, checkout, now);
  InsertCheckout(tx, checkout);
  if (checkout.money.amount > 0) {
    InsertPaymentOf(tx, checkout);
  } else if (group.empty()) {
    CompleteUnpaid(tx, feed, checkout, "", now);
  }
  return checkout;
}

}  // namespace masthead::memberships

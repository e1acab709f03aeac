#include "services/memberships/subscriptions/subscription_requests.h"

#include <algorithm>
#include <vector>

#include "common/base/status_macros.h"
#include "services/memberships/errors.h"
#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/seats/seat_grants.h"
#include "services/memberships/subscriptions/move.h"
#include "services/memberships/subscriptions/period_billing.h"
#include "services/memberships/subscriptions/subscription_errors.h"
#include "services/memberships/subscriptions/subscription_machine.h"
#include "services/memberships/subscriptions/subscription_moves.h"

namespace masthead::memberships {
namespace {

using State = Subscription::State;

Subscription::PendingChange PendingOf(const SubscriptionTerms& terms, absl::string_view invoice_id) {
  return {.price_id = terms.price_id,
          .amount = terms.money.amount,
          .seats = terms.seats,
          .invoice_id = std::string(invoice_id)};
}

// What is given for the rest of the period: by what was paid last first, which is never more than what was paid.
void GiveUnused(db::Transaction& tx, const Subscription& before, UnusedTime unused, absl::Time now) {
  if (unused != UnusedTime::kCredit && unused != UnusedTime::kRefund) return;
  const std::vector<Invoice> invoices = LoadInvoicesOf(tx, before.id);
  int64_t left = UnusedMoney(before, invoices, now);
  for (const Invoice& invoice : invoices) {
    if (left == 0) return;
    if (invoice.state != Invoice::State::kPaid) continue;
    left -= unused == UnusedTime::kCredit ? CreditUnused(tx, invoice.id, left, now)
                                          : RefundUnused(tx, invoice.id, left, "subscription cancelled", now);
  }
}

void ConfirmCancellation(db::Transaction& tx, Offerings& offerings, const Subscription& subscription, absl::Time now) {
  const std::optional<SubscriptionAccess> access = AccessOf(subscription);
  const absl::Time end = access ? access->end_time.value_or(now) : now;
  QueueMail(tx,
            {.template_id = "cancellation",
             .member_id = subscription.member_id,
             .values = {{"plan", offerings.PriceOf(subscription.terms.price_id).display_name},
                        {"end_time", absl::FormatTime(absl::RFC3339_sec, end, subscription.time_zone)}},
             .expire_time = now + absl::Hours(24)},
            now);
}

// Charged where there is a method; where there is none the invoice waits for a transfer. Nothing to pay: applied.
absl::Status ApplyOrAwait(db::Transaction& tx, Offerings& offerings, Subscription& subscription,
                          const SubscriptionTerms& terms, const Invoice& invoice, absl::Time time, absl::Time now) {
  if (invoice.state == Invoice::State::kPaid) return ApplyChange(offerings, subscription, terms, time, now);
  subscription.pending = PendingOf(terms, invoice.id);
  if (CollectsByItself(subscription)) {
    RequestCharge(tx, invoice, subscription.provider, subscription.payment_method, now);
  }
  return absl::OkStatus();
}

// INVALID_TRANSITION for a period whose own charge is under way: what is paid for it is not known yet.
absl::Status CheckSettled(const Subscription& subscription) {
  if (subscription.period_paid) return absl::OkStatus();
  return InvalidTransition(SubscriptionName(subscription.member_id, subscription.id), Name(subscription.state),
                           Name(SubscriptionEvent::kChange));
}

}  // namespace

absl::StatusOr<RequestedChange> RequestChange(db::Transaction& tx, events::Feed& feed, Subscription& subscription,
                                              const WantedChange& wanted, absl::Time now) {
  RETURN_IF_ERROR(CheckEvent(subscription, SubscriptionEvent::kChange, now));
  Offerings offerings(tx);
  Move move(tx, feed, subscription);
  ASSIGN_OR_RETURN(const SubscriptionTerms terms, WantedTerms(offerings, tx, subscription, wanted));
  ASSIGN_OR_RETURN(const absl::Time time, ProrationTime(subscription, wanted, now));
  DropUnpaidChange(tx, feed, subscription, now);
  RequestedChange change = {.invoice = std::nullopt, .proration_time = time};
  const bool begins_now = BeginsNow(subscription, terms, wanted.timing);
  if (begins_now && terms.seats < subscription.terms.seats) {
    RETURN_IF_ERROR(CheckSeats(tx, subscription.id, terms.seats));
  }
  if (!begins_now) {
    subscription.pending = PendingOf(terms, "");
  } else if (subscription.state == State::kTrialing) {
    RETURN_IF_ERROR(ApplyChange(offerings, subscription, terms, now, now));
  } else {
    RETURN_IF_ERROR(CheckSettled(subscription));
    change.invoice = IssueInvoice(
        tx, feed, DraftOfChange(offerings, subscription, terms, LoadInvoicesOf(tx, subscription.id), time, now), now);
    RETURN_IF_ERROR(ApplyOrAwait(tx, offerings, subscription, terms, *change.invoice, time, now));
  }
  subscription.pending ? move.StoreQuietly(now) : move.Store("subscription.changed", "", now);
  return change;
}

absl::Status CancelAtPeriodEnd(db::Transaction& tx, events::Feed& feed, Subscription& subscription,
                               absl::string_view reason, absl::Time now) {
  // There is no period to end with: it is not paid.
  if (subscription.state == State::kPastDue) {
    return CancelNow(tx, feed, subscription, reason, UnusedTime::kForfeit, now);
  }
  Offerings offerings(tx);
  Move move(tx, feed, subscription);
  RETURN_IF_ERROR(CheckEvent(subscription, SubscriptionEvent::kScheduleCancellation, now));
  DropUnpaidChange(tx, feed, subscription, now);
  RETURN_IF_ERROR(ScheduleCancellation(subscription, reason, now));
  move.Store("subscription.cancellation_scheduled", reason, now);
  ConfirmCancellation(tx, offerings, subscription, now);
  return absl::OkStatus();
}

absl::Status CancelNow(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::string_view reason,
                       UnusedTime unused, absl::Time now) {
  Offerings offerings(tx);
  Move move(tx, feed, subscription);
  RETURN_IF_ERROR(Cancel(subscription, reason, /*keeps_paid_time=*/unused == UnusedTime::kKeep, now));
  VoidOpenInvoices(tx, feed, subscription.id, now);
  GiveUnused(tx, move.before(), unused, now);
  move.Store("subscription.ended", Name(subscription.end_reason), now);
  ConfirmCancellation(tx, offerings, subscription, now);
  return absl::OkStatus();
}

absl::Status ResumeOnRequest(db::Transaction& tx, events::Feed& feed, Subscription& subscription, absl::Time now) {
  const bool goes_on = subscription.state == State::kActive || subscription.state == State::kTrialing;
  if (goes_on && !subscription.cancel_at_period_end) return absl::OkStatus();
  Move move(tx, feed, subscription);
  if (goes_on) {
    RETURN_IF_ERROR(WithdrawCancellation(subscription, now));
    move.Store("subscription.cancellation_withdrawn", "", now);
    return absl::OkStatus();
  }
  Offerings offerings(tx);
  const std::optional<SubscriptionTerms> terms = offerings.NextTerms(subscription);
  ASSIGN_OR_RETURN(const bool begins_period, Resume(subscription, terms, now));
  std::optional<Invoice> invoice;
  if (begins_period) invoice = BillPeriod(tx, feed, offerings, subscription, /*checkout_id=*/"", now);
  move.Store("subscription.resumed", "", now);
  if (invoice && CollectsByItself(subscription)) {
    RequestCharge(tx, *invoice, subscription.provider, subscription.payment_method, now);
  }
  return absl::OkStatus();
}

absl::Status PauseOnRequest(db::Transaction& tx, events::Feed& feed, Subscription& subscription,
                            std::optional<absl::Time> resume_time, bool waive_debt, absl::Time now) {
  Move move(tx, feed, subscription);
  RETURN_IF_ERROR(Pause(subscription, resume_time, waive_debt, now));
  if (waive_debt) VoidOpenInvoices(tx, feed, subscription.id, now);
  DropUnpaidChange(tx, feed, subscription, now);
  move.Store("subscription.paused", "", now);
  return absl::OkStatus();
}

absl::Status ApplyRetentionOffer(db::Transaction& tx, events::Feed& feed, Subscription& subscription,
                                 absl::string_view offer_id, absl::Time now) {
  RETURN_IF_ERROR(CheckEvent(subscription, SubscriptionEvent::kApplyOffer, now));
  Offerings offerings(tx);
  Move move(tx, feed, subscription);
  const Price& price = offerings.PriceOf(subscription.terms.price_id);
  ASSIGN_OR_RETURN(const Offer offer, ReserveOffer(tx, offer_id, subscription.member_id, price,
                                                   Offer::Occasion::kRetention, now + absl::Minutes(1), now));
  RedeemOffer(tx, offer.id, subscription.member_id, now);
  const bool gives_days = offer.kind == Offer::Kind::kFreeDays;
  RETURN_IF_ERROR(TakeOffer(subscription, gives_days ? offer.free_days : 0, now));
  if (!gives_days) {
    subscription.offer_id = offer.id;
    subscription.offer_invoices_left = InvoicesOf(offer);
    offerings.SetLastingDiscount(subscription);
  }
  const bool stays = move.before().cancel_at_period_end;
  move.Store(stays ? "subscription.cancellation_withdrawn" : "subscription.changed", "", now);
  return absl::OkStatus();
}

}  // namespace masthead::memberships

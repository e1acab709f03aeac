#include "services/memberships/payments/taking_back.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "common/ids/uuid.h"
#include "services/memberships/books/announcements.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/books/payment_change.h"
#include "services/memberships/books/refund_store.h"
#include "services/memberships/gifts/gift_fulfilment.h"
#include "services/memberships/subscriptions/settlement.h"
#include "services/memberships/support/donations.h"

namespace masthead::memberships {
namespace {

// The checkout that the payment, or the subscription it is for, came from.
std::optional<Checkout> OriginOf(db::Transaction& tx, const Payment& payment, const Invoice& invoice) {
  if (!payment.checkout_id.empty()) return LoadCheckout(tx, payment.checkout_id);
  if (invoice.subscription_id.empty()) return std::nullopt;
  return LoadOpeningCheckout(tx, invoice.subscription_id);
}

void EndWhatWasBought(db::Transaction& tx, events::Feed& feed, const Payment& payment, const Invoice& invoice,
                      absl::string_view reason, absl::Time now) {
  if (!invoice.subscription_id.empty()) EndAtOnce(tx, feed, invoice.subscription_id, reason, now);
  if (invoice.kind == Invoice::Kind::kGift) WithdrawGift(tx, feed, payment.checkout_id, now);
}

void TakeBackIfDonation(db::Transaction& tx, events::Feed& feed, const Payment& payment, const Invoice& invoice,
                        absl::Time now) {
  const std::optional<Checkout> origin = OriginOf(tx, payment, invoice);
  if (origin && origin->kind == Checkout::Kind::kDonation) TakeBackDonation(tx, feed, payment.id, now);
}

bool HasPassed(const Invoice& invoice, absl::Time now) {
  return invoice.period_end_time && *invoice.period_end_time <= now;
}

const char* EventOf(Dispute::State state) {
  switch (state) {
    case Dispute::State::kOpen:
      return "payment.disputed";
    case Dispute::State::kWon:
      return "payment.dispute_won";
    case Dispute::State::kLost:
      return "payment.dispute_lost";
  }
  return "";
}

// The dispute that `news` is about, among `disputes` or added to them; before that says anything.
Dispute& Find(const Payment& payment, const DisputeNews& news, std::vector<Dispute>& disputes, absl::Time now) {
  const auto found = std::find_if(disputes.begin(), disputes.end(),
                                  [&](const Dispute& dispute) { return dispute.provider_ref == news.provider_ref; });
  if (found != disputes.end()) return *found;
  return disputes.emplace_back(Dispute{.id = ids::NewUuid(),
                                       .member_id = payment.member_id,
                                       .payment_id = payment.id,
                                       .provider_ref = news.provider_ref,
                                       .money = {payment.money.currency, 0},
                                       .fee = 0,
                                       .state = Dispute::State::kOpen,
                                       .create_time = now,
                                       .close_time = std::nullopt});
}

}  // namespace

void BookRefunds(db::Transaction& tx, events::Feed& feed, Payment& payment, absl::string_view refund_id,
                 absl::Time now) {
  const std::vector<Refund> refunds = LoadRefunds(tx, payment.id);
  const int64_t before = payment.refunded;
  PaymentChange change(tx, payment);
  payment.refunded = std::max(before, RefundedOf(payment, refunds));
  change.Save("payment.refunded", refund_id, now);
  if (payment.refunded == before || payment.suspended) return;
  AnnouncePayment(tx, feed, "payment.refunded", payment, payment.refunded, now);
  if (payment.refunded < payment.money.amount || !change.invoice()) return;
  TakeBackIfDonation(tx, feed, payment, *change.invoice(), now);
  if (RevokesAccess(payment, refunds) && !HasPassed(*change.invoice(), now)) {
    EndWhatWasBought(tx, feed, payment, *change.invoice(), "REFUNDED", now);
  }
}

bool BookDispute(db::Transaction& tx, events::Feed& feed, Payment& payment, const DisputeNews& news, absl::Time now) {
  PaymentChange change(tx, payment);
  const size_t known = change.disputes().size();
  Dispute& dispute = Find(payment, news, change.disputes(), now);
  const bool is_new = change.disputes().size() > known;
  const Dispute before = dispute;
  dispute.state = std::max(before.state, news.state);
  const int64_t amount = news.amount == 0 ? payment.money.amount : news.amount;
  dispute.money.amount = std::max(before.money.amount, std::min(amount, payment.money.amount));
  dispute.fee = std::max(before.fee, news.fee);
  if (!dispute.close_time && dispute.state != Dispute::State::kOpen) dispute.close_time = now;

  const bool moved = is_new || dispute.state != before.state;
  if (!moved && dispute.money == before.money && dispute.fee == before.fee) return false;
  const Dispute after = dispute;
  change.Save(EventOf(after.state), "", now);
  if (!moved || payment.suspended) return true;
  AnnouncePayment(tx, feed, EventOf(after.state), payment, after.money.amount, now);
  if (after.state == Dispute::State::kLost && change.invoice()) {
    TakeBackIfDonation(tx, feed, payment, *change.invoice(), now);
    EndWhatWasBought(tx, feed, payment, *change.invoice(), "DISPUTE_LOST", now);
  }
  return true;
}

}  // namespace masthead::memberships

#include "services/memberships/subscriptions/billing_clock.h"

#include <optional>
#include <string>
#include <vector>

#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "services/memberships/mail/outgoing_mail.h"
#include "services/memberships/subscriptions/move.h"
#include "services/memberships/subscriptions/period_billing.h"
#include "services/memberships/subscriptions/subscription_machine.h"
#include "services/memberships/subscriptions/subscription_moves.h"
#include "services/memberships/subscriptions/subscription_store.h"

namespace masthead::memberships {
namespace {

using State = Subscription::State;
using Event = SubscriptionEvent;

// One subscription as the clock moves it, step by step.
class DueSubscription {
 public:
  DueSubscription(db::Transaction& tx, events::Feed& feed, Offerings& offerings, Subscription& subscription,
                  absl::Time now)
      : tx_(tx), feed_(feed), offerings_(offerings), subscription_(subscription), now_(now) {}

  void MoveToNow() {
    while (NextActionTime(subscription_).value_or(absl::InfiniteFuture()) <= now_) Step();
    Collect();
  }

 private:
  void Step() {
    switch (subscription_.state) {
      case State::kTrialing:
        return StepTrial();
      case State::kActive:
        return StepPeriod();
      case State::kPastDue:
        return GraceEndTime(subscription_) <= now_ ? GiveUp(tx_, feed_, subscription_, now_) : Retry();
      case State::kPaused:
        return ResumeNow();
      case State::kIncomplete:
      case State::kCanceled:
      case State::kExpired:
        return;
    }
  }

  void StepTrial() {
    if (now_ < *subscription_.trial_end_time) return Remind();
    Move move(tx_, feed_, subscription_);
    if (ReachEnd(subscription_, now_).ok() || EndTrial(subscription_, now_).ok()) {
      return move.Store("subscription.ended", Name(subscription_.end_reason), now_);
    }
    if (Convert(subscription_, now_).ok()) Bill(move);
  }

  void StepPeriod() {
    if (!subscription_.period_paid && !CollectsByItself(subscription_) && GraceEndTime(subscription_) <= now_) {
      return GiveUp(tx_, feed_, subscription_, now_);
    }
    Move move(tx_, feed_, subscription_);
    if (ReachEnd(subscription_, now_).ok()) {
      VoidOpenInvoices(tx_, feed_, subscription_.id, now_);
      return move.Store("subscription.ended", Name(subscription_.end_reason), now_);
    }
    // What a change within the old period would have cost is not for the new one.
    DropUnpaidChange(tx_, feed_, subscription_, now_);
    const std::optional<SubscriptionTerms> terms = offerings_.NextTerms(subscription_);
    if (!Renew(subscription_, terms, now_).ok()) return;
    if (terms) offerings_.SetLastingDiscount(subscription_);
    Bill(move);
  }

  void ResumeNow() {
    Move move(tx_, feed_, subscription_);
    const std::optional<SubscriptionTerms> terms = offerings_.NextTerms(subscription_);
    const absl::StatusOr<bool> begins_period = Resume(subscription_, terms, now_);
    if (!begins_period.ok()) return;
    if (*begins_period) BillWithoutStoring();
    move.Store("subscription.resumed", "", now_);
  }

  void Bill(Move& move) {
    BillWithoutStoring();
    move.Store("subscription.renewed", "", now_);
  }

  void BillWithoutStoring() {
    to_collect_ = BillPeriod(tx_, feed_, offerings_, subscription_, /*checkout_id=*/"", now_);
    failpoint::Hit("memberships.billing.invoiced");
  }

  void Remind() {
    subscription_.trial_reminded = true;
    Move(tx_, feed_, subscription_).Store("subscription.trial_ending", "", now_);
    QueueMail(tx_,
              {.template_id = "trial-ending",
               .member_id = subscription_.member_id,
               .values = {{"plan", offerings_.PriceOf(subscription_.terms.price_id).display_name},
                          {"trial_end_time", absl::FormatTime(absl::RFC3339_sec, *subscription_.trial_end_time,
                                                              subscription_.time_zone)}},
               .expire_time = *subscription_.trial_end_time},
              now_);
  }

  // The outcome says when to try again.
  void Retry() {
    subscription_.retry_time = std::nullopt;
    Move(tx_, feed_, subscription_).StoreQuietly(now_);
    const std::optional<Invoice> invoice = FindDueInvoice(tx_, subscription_);
    if (invoice) RequestCharge(tx_, *invoice, subscription_.provider, subscription_.payment_method, now_);
  }

  // Of all periods that began, the last alone.
  void Collect() {
    if (!to_collect_ || subscription_.period_paid || subscription_.state != State::kActive) return;
    if (CollectsByItself(subscription_)) {
      RequestCharge(tx_, *to_collect_, subscription_.provider, subscription_.payment_method, now_);
    } else if (subscription_.collection == Subscription::Collection::kAutomatic) {
      FallPastDue(tx_, feed_, offerings_, subscription_, "no_payment_method", /*retryable=*/false, now_);
    }
  }

  db::Transaction& tx_;
  events::Feed& feed_;
  Offerings& offerings_;
  Subscription& subscription_;
  const absl::Time now_;
  std::optional<Invoice> to_collect_;
};

}  // namespace

absl::StatusOr<int> RunDueSubscriptions(db::Database& database, events::Feed& feed, const Scope& scope, int limit) {
  return database.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<int> {
    const absl::Time now = db::Now(tx);
    std::vector<Subscription> due = LockDueSubscriptions(tx, limit);
    if (due.empty()) return 0;
    failpoint::Hit("memberships.billing.claimed");
    Offerings offerings(tx);
    for (Subscription& subscription : due) DueSubscription(tx, feed, offerings, subscription, now).MoveToNow();
    failpoint::Hit("memberships.billing.before_commit");
    return static_cast<int>(due.size());
  });
}

}  // namespace masthead::memberships

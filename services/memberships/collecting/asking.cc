#include "services/memberships/collecting/asking.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "common/telemetry/metrics.h"
#include "services/memberships/collecting/asking_store.h"
#include "services/memberships/payments/facts.h"

namespace masthead::memberships {
namespace {

constexpr int kAtATime = 1;
constexpr int kPatienceSeconds = 20;
constexpr absl::Duration kPatience = absl::Seconds(kPatienceSeconds);
// Longer than a question may take, so that no two ask at once; and if they did, it would be under the same key. What a
// replica that died had taken waits no longer than that.
constexpr absl::Duration kLease = absl::Seconds(kPatienceSeconds * (kAtATime + 1));
constexpr char kNeverArrived[] = "never_arrived";

void CountAnswer(const char* question, absl::string_view provider, const char* answer) {
  telemetry::Counter("masthead_memberships_provider_answers_total", "What payment providers answered to what we asked.",
                     {{"question", question}, {"provider", std::string(provider)}, {"answer", answer}})
      .Increment();
}

const char* NameOf(ChargeOutcome::Kind kind) {
  switch (kind) {
    case ChargeOutcome::Kind::kSucceeded:
      return "succeeded";
    case ChargeOutcome::Kind::kProcessing:
      return "processing";
    case ChargeOutcome::Kind::kRequiresAction:
      return "requires_action";
    case ChargeOutcome::Kind::kDeclined:
      return "declined";
    case ChargeOutcome::Kind::kUnknown:
      break;
  }
  return "unknown";
}

const char* NameOf(RefundOutcome::Kind kind) {
  switch (kind) {
    case RefundOutcome::Kind::kSucceeded:
      return "succeeded";
    case RefundOutcome::Kind::kProcessing:
      return "processing";
    case RefundOutcome::Kind::kFailed:
      return "failed";
    case RefundOutcome::Kind::kUnknown:
      break;
  }
  return "unknown";
}

Scope Within(const Scope& scope) {
  return {.deadline = std::min(scope.deadline, absl::Now() + kPatience), .cancellation = scope.cancellation};
}

ChargeOutcome MakeCharge(PaymentProvider& provider, const Scope& scope, const DuePayment& payment) {
  return provider.MakeCharge(scope, {.key = payment.id,
                                     .member_id = payment.member_id,
                                     .payment_method = payment.payment_method,
                                     .description = absl::StrCat("Invoice ", payment.invoice_number),
                                     .money = payment.money});
}

// What is asked depends on what is known. A payment that was never asked for, as far as the books tell, may have been:
// by a process that died before it could write that down. Its key tells the provider, as long as that knows the key.
ChargeOutcome AskForCharge(PaymentProvider& provider, const Scope& scope, const DuePayment& payment) {
  const bool key_is_good = payment.age < kKeysAreKept;
  if (!payment.asked && key_is_good) return MakeCharge(provider, scope, payment);
  const absl::StatusOr<ChargeOutcome> found = provider.LookUpCharge(scope, payment.id, payment.provider_ref);
  if (found.ok()) return *found;
  if (!absl::IsNotFound(found.status())) return {};
  if (key_is_good) return MakeCharge(provider, scope, payment);
  // A day later the provider would have it in its lists. The next attempt has a key of its own.
  return {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = kNeverArrived, .retryable = true};
}

RefundOutcome AskForRefund(PaymentProvider& provider, const Scope& scope, const DueRefund& refund) {
  const RefundOrder order = {.key = refund.id, .payment_ref = refund.payment_ref, .money = refund.money};
  const bool key_is_good = refund.age < kKeysAreKept;
  if (!refund.asked && key_is_good) return provider.MakeRefund(scope, order);
  const absl::StatusOr<RefundOutcome> found = provider.LookUpRefund(scope, order, refund.provider_ref);
  if (found.ok()) return *found;
  if (!absl::IsNotFound(found.status())) return {};
  if (key_is_good) return provider.MakeRefund(scope, order);
  return {.kind = RefundOutcome::Kind::kFailed, .failure = kNeverArrived};
}

absl::Status AskAbout(db::Database& database, events::Feed& feed, const Providers& providers, const Scope& scope,
                      const DuePayment& payment) {
  PaymentProvider* const provider = providers.Find(payment.provider);
  failpoint::Hit("memberships.charge.before_call");
  const ChargeOutcome outcome = provider == nullptr ? ChargeOutcome() : AskForCharge(*provider, Within(scope), payment);
  failpoint::Hit("memberships.charge.after_call");
  CountAnswer("charge", payment.provider, NameOf(outcome.kind));
  return database.Write(scope, [&](db::Transaction& tx) {
    failpoint::Hit("memberships.charge.before_record");
    RecordCharge(tx, feed, payment.id, outcome, db::Now(tx));
    EndPaymentLease(tx, payment.id);
    return absl::OkStatus();
  });
}

absl::Status AskAbout(db::Database& database, events::Feed& feed, const Providers& providers, const Scope& scope,
                      const DueRefund& refund) {
  PaymentProvider* const provider = providers.Find(refund.provider);
  failpoint::Hit("memberships.refund.before_call");
  const RefundOutcome outcome = provider == nullptr ? RefundOutcome() : AskForRefund(*provider, Within(scope), refund);
  failpoint::Hit("memberships.refund.after_call");
  CountAnswer("refund", refund.provider, NameOf(outcome.kind));
  return database.Write(scope, [&](db::Transaction& tx) {
    failpoint::Hit("memberships.refund.before_record");
    RecordRefund(tx, feed, refund.id, outcome, db::Now(tx));
    EndRefundLease(tx, refund.id);
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<int> AskProviders(db::Database& database, events::Feed& feed, const Providers& providers,
                                 const Scope& scope) {
  ASSIGN_OR_RETURN(const std::vector<DuePayment> payments,
                   database.Write(scope, [](db::Transaction& tx) { return LeaseDuePayments(tx, kLease, kAtATime); }));
  for (const DuePayment& payment : payments) {
    if (scope.cancelled()) return absl::CancelledError("stopped between two payments");
    RETURN_IF_ERROR(AskAbout(database, feed, providers, scope, payment));
  }
  ASSIGN_OR_RETURN(const std::vector<DueRefund> refunds,
                   database.Write(scope, [](db::Transaction& tx) { return LeaseDueRefunds(tx, kLease, kAtATime); }));
  for (const DueRefund& refund : refunds) {
    if (scope.cancelled()) return absl::CancelledError("stopped between two refunds");
    RETURN_IF_ERROR(AskAbout(database, feed, providers, scope, refund));
  }
  return static_cast<int>(payments.size() + refunds.size());
}

}  // namespace masthead::memberships

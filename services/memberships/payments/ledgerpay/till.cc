#include "services/memberships/payments/ledgerpay/till.h"

#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "common/db/now.h"
#include "services/memberships/errors.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_event.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_store.h"
#include "services/memberships/payments/payment_errors.h"

namespace masthead::memberships::ledgerpay {
namespace {

using Course = TestMethod::Course;

constexpr int kAtATime = 50;
// How long a test debit takes, and how long a transfer may.
constexpr absl::Duration kDebitLength = absl::Seconds(2);
constexpr absl::Duration kTransferPatience = absl::Hours(30 * 24);
constexpr char kReferenceLetters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";  // 32, none like another.
constexpr int kReferenceLength = 10;

std::string NewId(absl::string_view prefix) {
  return absl::StrCat(prefix, "_", crypto::Base64Url(crypto::RandomBytes(24)));
}

std::string NewReference() {
  std::string reference;
  for (const char byte : crypto::RandomBytes(kReferenceLength)) {
    reference += kReferenceLetters[static_cast<unsigned char>(byte) % 32];
  }
  return reference;
}

// The charge that `method` makes of an order, as it stands at once.
StoredCharge Begin(const TestMethod& method, const std::string& key, const Money& money, bool buyer_is_there,
                   absl::Time now) {
  StoredCharge charge = {.id = NewId("lpch"), .key = key, .money = money};
  switch (method.course) {
    case Course::kDeclines:
      charge.state = "FAILED";
      break;
    case Course::kNeedsBuyer:
      if (!buyer_is_there) charge.state = "REQUIRES_ACTION";
      break;
    case Course::kSucceedsLater:
    case Course::kFailsLater:
      charge.state = "PROCESSING";
      charge.due_time = now + kDebitLength;
      break;
    case Course::kSucceeds:
    case Course::kAnswerLost:
    case Course::kRequestLost:
    case Course::kIsDisputed:
      break;
  }
  charge.decline_code = method.decline_code;
  charge.retryable = method.retryable;
  return charge;
}

}  // namespace

std::string PlainReference(absl::string_view reference) {
  std::string plain;
  for (const char c : reference) {
    if (absl::ascii_isalnum(c)) plain += absl::ascii_toupper(c);
  }
  return plain;
}

ChargeOutcome OutcomeOf(const StoredCharge& charge) {
  ChargeOutcome outcome = {.provider_ref = charge.id};
  if (charge.state == "SUCCEEDED") outcome.kind = ChargeOutcome::Kind::kSucceeded;
  if (charge.state == "PROCESSING") outcome.kind = ChargeOutcome::Kind::kProcessing;
  if (charge.state == "REQUIRES_ACTION") outcome.kind = ChargeOutcome::Kind::kRequiresAction;
  if (charge.state == "FAILED") {
    outcome.kind = ChargeOutcome::Kind::kDeclined;
    outcome.decline_code = charge.decline_code;
    outcome.retryable = charge.retryable;
  }
  return outcome;
}

Checkout Till::Open(db::Transaction& tx, const CheckoutPage& page) const {
  return InsertCheckout(tx, {.id = NewId("lpc"),
                             .key = page.key,
                             .form_token = crypto::Base64Url(crypto::RandomBytes(24)),
                             .reference = NewReference(),
                             .payment_key = page.payment_id,
                             .description = page.description,
                             .money = page.money,
                             .keep_method = page.keep_method,
                             .success_url = page.success_url,
                             .cancel_url = page.cancel_url,
                             .expire_time = page.expire_time});
}

void Till::Expire(db::Transaction& tx, absl::string_view checkout_id) const {
  std::optional<Checkout> checkout = LockCheckout(tx, checkout_id);
  if (!checkout || checkout->state != "OPEN") return;
  checkout->state = "EXPIRED";
  SaveCheckout(tx, *checkout);
  Tell(tx, {.kind = ProviderFact::Kind::kCheckoutExpired,
            .checkout_ref = checkout->id,
            .payment_key = checkout->payment_key,
            .money = checkout->money});
}

Till::Paid Till::Pay(db::Transaction& tx, Checkout& checkout, const TestMethod& method, bool confirmed) const {
  if (method.course == Course::kDeclines) return Paid::kDeclined;
  if (method.course == Course::kNeedsBuyer && !confirmed) return Paid::kMustConfirm;
  if (checkout.keep_method) {
    checkout.payment_method = NewId("lpm");
    InsertMethod(tx, checkout.payment_method, method.token);
  }
  if (checkout.money.amount == 0) {
    Complete(tx, checkout, nullptr);
    return Paid::kThrough;
  }
  StoredCharge charge = Begin(method, checkout.payment_key, checkout.money, /*buyer_is_there=*/true, db::Now(tx));
  charge.checkout_id = checkout.id;
  charge.payment_method = checkout.payment_method.empty() ? method.token : checkout.payment_method;
  InsertCharge(tx, charge);
  Complete(tx, checkout, &charge);
  TellOfCharge(tx, charge);
  if (method.course == Course::kIsDisputed) {
    Tell(tx, {.kind = ProviderFact::Kind::kDisputeOpened,
              .payment_ref = charge.id,
              .dispute_ref = NewId("lpd"),
              .payment_key = charge.key,
              .money = charge.money});
  }
  return Paid::kThrough;
}

void Till::Announce(db::Transaction& tx, Checkout& checkout) const {
  if (checkout.money.amount == 0) return Complete(tx, checkout, nullptr);
  const StoredCharge charge = {.id = NewId("lpch"),
                               .key = checkout.payment_key,
                               .checkout_id = checkout.id,
                               .money = checkout.money,
                               .state = "PROCESSING",
                               .decline_code = "transfer_not_received",
                               .retryable = false,
                               .due_time = db::Now(tx) + kTransferPatience};
  InsertCharge(tx, charge);
  Complete(tx, checkout, &charge);
}

absl::StatusOr<std::string> Till::ConfirmTransfer(db::Transaction& tx, absl::string_view reference,
                                                  const Money& money) const {
  std::optional<Checkout> checkout = LockCheckoutByReference(tx, PlainReference(reference));
  if (!checkout || checkout->money.amount == 0) return TransferNotFound(reference);
  if (checkout->state == "EXPIRED") return InvalidTransition(reference, checkout->state, "confirm");
  // Who transfers without having pressed the button has announced it all the same.
  if (checkout->state == "OPEN") Announce(tx, *checkout);
  std::optional<StoredCharge> charge = LockChargeOf(tx, checkout->id);
  const bool awaited = charge && charge->payment_method.empty() && charge->state == "PROCESSING";
  if (!awaited) return InvalidTransition(reference, charge ? charge->state : checkout->state, "confirm");
  charge->money = money;
  charge->state = "SUCCEEDED";
  charge->due_time = std::nullopt;
  SaveCharge(tx, *charge);
  TellOfCharge(tx, *charge);
  return charge->id;
}

ChargeOutcome Till::MakeCharge(db::Transaction& tx, const Charge& order) const {
  if (const std::optional<StoredCharge> before = LoadChargeByKey(tx, order.key)) return OutcomeOf(*before);
  const TestMethod* method = MethodBehind(tx, order.payment_method);
  if (method == nullptr) return {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = "no_such_payment_method"};
  if (method->course == Course::kRequestLost && LoseRequest(tx, order.key)) return {};
  StoredCharge charge = Begin(*method, order.key, order.money, /*buyer_is_there=*/false, db::Now(tx));
  charge.payment_method = order.payment_method;
  // Two calls with one key at once: the other one's charge is this one's.
  if (!InsertCharge(tx, charge)) return OutcomeOf(LoadChargeByKey(tx, order.key).value());
  TellOfCharge(tx, charge);
  return method->course == Course::kAnswerLost ? ChargeOutcome() : OutcomeOf(charge);
}

RefundOutcome Till::MakeRefund(db::Transaction& tx, const RefundOrder& order) const {
  std::optional<StoredCharge> charge = LockCharge(tx, order.payment_ref);
  if (const std::optional<std::string> before = LoadRefundByKey(tx, order.key)) {
    return {.kind = RefundOutcome::Kind::kSucceeded, .provider_ref = *before};
  }
  if (!charge || charge->state != "SUCCEEDED") {
    return {.kind = RefundOutcome::Kind::kFailed, .failure = "no_such_payment"};
  }
  if (order.money.currency != charge->money.currency || order.money.amount > charge->money.amount - charge->refunded) {
    return {.kind = RefundOutcome::Kind::kFailed, .failure = "more_than_was_paid"};
  }
  const std::string id = NewId("lpr");
  InsertRefund(tx, id, order.key, charge->id, order.money.amount);
  charge->refunded += order.money.amount;
  SaveCharge(tx, *charge);
  Tell(tx, {.kind = ProviderFact::Kind::kRefunded,
            .payment_ref = charge->id,
            .payment_key = charge->key,
            .money = {.currency = charge->money.currency, .amount = charge->refunded}});
  return {.kind = RefundOutcome::Kind::kSucceeded, .provider_ref = id};
}

int Till::EndWhatIsDue(db::Transaction& tx) const {
  const std::vector<Checkout> expired = LockExpiredCheckouts(tx, kAtATime);
  for (const Checkout& checkout : expired) Expire(tx, checkout.id);
  std::vector<StoredCharge> due = LockDueCharges(tx, kAtATime);
  for (StoredCharge& charge : due) {
    charge.state = charge.decline_code.empty() ? "SUCCEEDED" : "FAILED";
    charge.due_time = std::nullopt;
    SaveCharge(tx, charge);
    TellOfCharge(tx, charge);
  }
  return static_cast<int>(expired.size() + due.size());
}

const TestMethod* Till::MethodBehind(db::Transaction& tx, const std::string& payment_method) const {
  if (!test_methods_) return nullptr;
  return FindTestMethod(LoadMethod(tx, payment_method).value_or(payment_method));
}

void Till::Tell(db::Transaction& tx, const ProviderFact& fact) const {
  const std::string id = NewId("lpe");
  const absl::Time now = db::Now(tx);
  InsertEvent(tx, id, FormatEvent(id, now, /*livemode=*/!test_methods_, fact), now);
}

void Till::TellOfCharge(db::Transaction& tx, const StoredCharge& charge) const {
  ProviderFact fact = {.checkout_ref = charge.checkout_id,
                       .payment_ref = charge.id,
                       .payment_key = charge.key,
                       .payment_method = charge.payment_method,
                       .money = charge.money};
  if (charge.state == "SUCCEEDED") {
    fact.kind = ProviderFact::Kind::kPaymentSettled;
  } else if (charge.state == "FAILED") {
    fact.kind = ProviderFact::Kind::kPaymentFailed;
    fact.decline_code = charge.decline_code;
    fact.retryable = charge.retryable;
  } else {
    return;  // Not known yet.
  }
  Tell(tx, fact);
}

void Till::Complete(db::Transaction& tx, Checkout& checkout, const StoredCharge* charge) const {
  checkout.state = "COMPLETED";
  SaveCheckout(tx, checkout);
  Tell(tx, {.kind = ProviderFact::Kind::kCheckoutCompleted,
            .checkout_ref = checkout.id,
            .payment_ref = charge == nullptr ? "" : charge->id,
            .payment_key = checkout.payment_key,
            .payment_method = checkout.payment_method,
            .money = checkout.money,
            .paid = charge != nullptr && charge->state == "SUCCEEDED"});
}

}  // namespace masthead::memberships::ledgerpay

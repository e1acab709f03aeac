#include "services/memberships/payments/stripe/stripe_event.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/json.h"
#include "common/base/errors.h"
#include "services/memberships/payments/stripe/stripe_money.h"
#include "services/memberships/payments/stripe/stripe_objects.h"

namespace masthead::memberships::stripe {
namespace {

using nlohmann::json;
using Facts = std::vector<ProviderFact>;

constexpr char kSetupMode[] = "setup";
constexpr char kSubscriptionEvents[] = "customer.subscription.";

// Money in the members `amount` and `currency` of `object`; nothing if they are not there or make no sense.
std::optional<Money> MoneyAt(const json& object, const char* amount) {
  const std::optional<int64_t> number = NumberAt(object, {amount});
  if (!number) return std::nullopt;
  absl::StatusOr<Money> money = ToMoney(TextAt(object, {"currency"}), *number);
  if (!money.ok()) return std::nullopt;
  return *std::move(money);
}

Facts OfPaymentIntent(const json& intent) {
  const ChargeOutcome outcome = OutcomeOfIntent(intent);
  ProviderFact fact = {.payment_ref = outcome.provider_ref,
                       .payment_key = TextAt(intent, {"metadata", "masthead_payment"}),
                       .payment_method = IdAt(intent, {"payment_method"}),
                       .fee = outcome.fee,
                       .decline_code = outcome.decline_code,
                       .retryable = outcome.retryable};
  std::optional<Money> money;
  switch (outcome.kind) {
    case ChargeOutcome::Kind::kSucceeded:
      fact.kind = ProviderFact::Kind::kPaymentSettled;
      money = MoneyAt(intent, "amount_received");
      break;
    case ChargeOutcome::Kind::kDeclined:
    case ChargeOutcome::Kind::kRequiresAction:
      fact.kind = ProviderFact::Kind::kPaymentFailed;
      money = MoneyAt(intent, "amount");
      break;
    case ChargeOutcome::Kind::kProcessing:
    case ChargeOutcome::Kind::kUnknown:
      return {};
  }
  if (!money || fact.payment_ref.empty()) return {};
  fact.money = *std::move(money);
  return {std::move(fact)};
}

// A session is through, with or without the money: `missing` is its intent, which knows the payment method.
Facts OfSession(const json& session, const json* missing) {
  ProviderFact fact = {.kind = ProviderFact::Kind::kCheckoutCompleted,
                       .checkout_ref = TextAt(session, {"id"}),
                       .payment_ref = IdAt(session, {"payment_intent"}),
                       .payment_key = TextAt(session, {"metadata", "masthead_payment"}),
                       .paid = TextAt(session, {"payment_status"}) == "paid"};
  if (fact.checkout_ref.empty()) return {};
  if (missing != nullptr) {
    fact.payment_method = IdAt(*missing, {"payment_method"});
    fact.fee = FeeOf(*missing);
  }
  if (TextAt(session, {"mode"}) == kSetupMode) return {std::move(fact)};
  std::optional<Money> money = MoneyAt(session, "amount_total");
  if (!money) return {};
  fact.money = *std::move(money);
  return {std::move(fact)};
}

Facts OfSessionEnd(const json& session, ProviderFact::Kind kind, const json* missing) {
  Facts facts = OfSession(session, missing);
  for (ProviderFact& fact : facts) {
    fact.kind = kind;
    fact.paid = false;
  }
  return facts;
}

Facts OfRefundedCharge(const json& charge) {
  std::optional<Money> money = MoneyAt(charge, "amount_refunded");
  const std::string payment = IdAt(charge, {"payment_intent"});
  if (!money || payment.empty()) return {};
  return {{.kind = ProviderFact::Kind::kRefunded, .payment_ref = payment, .money = *std::move(money)}};
}

int64_t DisputeFee(const json& dispute) {
  const auto transactions = dispute.find("balance_transactions");
  if (transactions == dispute.end() || !transactions->is_array()) return 0;
  int64_t fee = 0;
  for (const json& transaction : *transactions) {
    const std::optional<int64_t> part = NumberAt(transaction, {"fee"});
    const bool same = TextAt(transaction, {"currency"}) == TextAt(dispute, {"currency"});
    if (!part || !same) continue;
    const absl::StatusOr<Money> money = ToMoney(TextAt(dispute, {"currency"}), *part);
    if (money.ok()) fee += money->amount;
  }
  return fee;
}

Facts OfDispute(const StripeEvent& event) {
  const json& dispute = event.object;
  ProviderFact fact = {.kind = ProviderFact::Kind::kDisputeOpened,
                       .payment_ref = IdAt(dispute, {"payment_intent"}),
                       .dispute_ref = TextAt(dispute, {"id"}),
                       .fee = DisputeFee(dispute)};
  std::optional<Money> money = MoneyAt(dispute, "amount");
  if (!money || fact.payment_ref.empty() || fact.dispute_ref.empty()) return {};
  fact.money = *std::move(money);
  const std::string status = TextAt(dispute, {"status"});
  // An inquiry: the bank asks, no money has moved and none may ever.
  if (absl::StartsWith(status, "warning_")) return {};
  if (status == "won") fact.kind = ProviderFact::Kind::kDisputeWon;
  if (status == "lost") fact.kind = ProviderFact::Kind::kDisputeLost;
  return {std::move(fact)};
}

// As it is now: what the event says may be older than what another event said before.
Facts OfSubscription(const json* missing) {
  std::optional<ExternalSubscription> subscription;
  if (missing != nullptr) subscription = SubscriptionOf(*missing);
  if (!subscription) return {};
  ProviderFact fact = {.kind = ProviderFact::Kind::kSubscriptionMoved};
  fact.subscription = *std::move(subscription);
  return {std::move(fact)};
}

Facts OfMethod(const StripeEvent& event, ProviderFact::Kind kind) {
  const std::string method = TextAt(event.object, {"id"});
  if (method.empty()) return {};
  ProviderFact fact = {.kind = kind, .payment_method = method};
  // The card behind it is new, the method's name is not.
  if (kind == ProviderFact::Kind::kMethodUpdated) fact.new_payment_method = method;
  return {std::move(fact)};
}

}  // namespace

absl::StatusOr<StripeEvent> ReadEvent(absl::string_view body) {
  std::optional<json> parsed = auth::ParseJsonObject(body);
  FieldViolations violations;
  StripeEvent event;
  const json* object = nullptr;
  if (parsed) {
    event.id = TextAt(*parsed, {"id"});
    event.type = TextAt(*parsed, {"type"});
    event.api_version = TextAt(*parsed, {"api_version"});
    event.livemode = FlagAt(*parsed, {"livemode"}).value_or(false);
    object = ObjectAt(*parsed, {"data", "object"});
  }
  if (event.id.empty() || event.type.empty() || object == nullptr) {
    violations.Add("body", "is no event of Stripe's");
    return violations.ToStatus();
  }
  event.object = *object;
  return event;
}

std::string PathOfMissing(const StripeEvent& event) {
  const json& object = event.object;
  if (absl::StartsWith(event.type, "checkout.session.") && event.type != "checkout.session.expired") {
    const bool setup = TextAt(object, {"mode"}) == kSetupMode;
    const std::string intent = IdAt(object, {setup ? "setup_intent" : "payment_intent"});
    return intent.empty() ? "" : absl::StrCat(setup ? "/v1/setup_intents/" : "/v1/payment_intents/", intent);
  }
  if (absl::StartsWith(event.type, kSubscriptionEvents)) {
    const std::string subscription = TextAt(object, {"id"});
    return subscription.empty() ? "" : absl::StrCat("/v1/subscriptions/", subscription);
  }
  if (event.type == "payment_intent.succeeded") {
    const std::string intent = TextAt(object, {"id"});
    return intent.empty() ? "" : absl::StrCat("/v1/payment_intents/", intent);
  }
  return "";
}

std::vector<ProviderFact> FactsOf(const StripeEvent& event, const json* missing) {
  const std::string& type = event.type;
  const json& object = event.object;
  if (type == "checkout.session.completed") return OfSession(object, missing);
  if (type == "checkout.session.expired") {
    return OfSessionEnd(object, ProviderFact::Kind::kCheckoutExpired, nullptr);
  }
  if (type == "checkout.session.async_payment_succeeded") {
    return OfSessionEnd(object, ProviderFact::Kind::kPaymentSettled, missing);
  }
  if (type == "checkout.session.async_payment_failed") {
    return OfSessionEnd(object, ProviderFact::Kind::kPaymentFailed, missing);
  }
  if (type == "payment_intent.succeeded") return OfPaymentIntent(missing == nullptr ? object : *missing);
  if (type == "payment_intent.payment_failed" || type == "payment_intent.canceled") return OfPaymentIntent(object);
  if (type == "charge.refunded") return OfRefundedCharge(object);
  if (absl::StartsWith(type, "charge.dispute.")) return OfDispute(event);
  if (absl::StartsWith(type, kSubscriptionEvents)) return OfSubscription(missing);
  if (type == "payment_method.detached") return OfMethod(event, ProviderFact::Kind::kMethodDetached);
  if (type == "payment_method.automatically_updated") return OfMethod(event, ProviderFact::Kind::kMethodUpdated);
  return {};
}

}  // namespace masthead::memberships::stripe

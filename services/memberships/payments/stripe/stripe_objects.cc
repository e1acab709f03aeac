#include "services/memberships/payments/stripe/stripe_objects.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/statusor.h"
#include "services/memberships/payments/stripe/stripe_money.h"

namespace masthead::memberships::stripe {
namespace {

using nlohmann::json;

// Never right at another time: the card is gone, false or forbidden, or a person has to do something.
constexpr absl::string_view kHardDeclines[] = {"card_not_supported",
                                               "currency_not_supported",
                                               "expired_card",
                                               "fraudulent",
                                               "incorrect_address",
                                               "incorrect_cvc",
                                               "incorrect_number",
                                               "incorrect_zip",
                                               "invalid_account",
                                               "invalid_cvc",
                                               "invalid_expiry_month",
                                               "invalid_expiry_year",
                                               "invalid_number",
                                               "lost_card",
                                               "merchant_blacklist",
                                               "mobile_device_authentication_required",
                                               "new_account_information_available",
                                               "no_action_taken",
                                               "not_permitted",
                                               "payment_method_detached",
                                               "pickup_card",
                                               "restricted_card",
                                               "revocation_of_all_authorizations",
                                               "revocation_of_authorization",
                                               "security_violation",
                                               "stolen_card",
                                               "stop_payment_order",
                                               "testmode_decline",
                                               "transaction_not_allowed",
                                               "withdrawal_count_limit_exceeded"};

const json* Find(const json& object, std::initializer_list<const char*> path) {
  const json* value = &object;
  for (const char* name : path) {
    if (!value->is_object()) return nullptr;
    const auto member = value->find(name);
    if (member == value->end()) return nullptr;
    value = &*member;
  }
  return value;
}

constexpr int64_t kMostSeats = 10'000;

// https://docs.stripe.com/api/subscriptions/object#subscription_object-status
std::optional<ExternalSubscription::State> StateNamed(absl::string_view status) {
  using State = ExternalSubscription::State;
  constexpr std::pair<absl::string_view, State> kStates[] = {
      {"incomplete", State::kIncomplete}, {"incomplete_expired", State::kEnded},
      {"trialing", State::kTrialing},     {"active", State::kActive},
      {"past_due", State::kPastDue},      {"unpaid", State::kPastDue},
      {"paused", State::kPaused},         {"canceled", State::kEnded}};
  for (const auto& [name, state] : kStates) {
    if (name == status) return state;
  }
  return std::nullopt;
}

ChargeOutcome Declined(const json& error) {
  std::string code = TextAt(error, {"decline_code"});
  if (code.empty()) code = TextAt(error, {"code"});
  // The bank wants the cardholder, who is not there: another charge of the same kind would fare the same.
  if (code == "authentication_required" || code == "authentication_not_handled") {
    return {.kind = ChargeOutcome::Kind::kRequiresAction, .decline_code = code};
  }
  return {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = code, .retryable = IsRetryable(code)};
}

}  // namespace

std::string TextAt(const json& object, std::initializer_list<const char*> path) {
  const json* value = Find(object, path);
  return value != nullptr && value->is_string() ? value->get<std::string>() : "";
}

std::optional<int64_t> NumberAt(const json& object, std::initializer_list<const char*> path) {
  const json* value = Find(object, path);
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  return value->get<int64_t>();
}

std::optional<bool> FlagAt(const json& object, std::initializer_list<const char*> path) {
  const json* value = Find(object, path);
  if (value == nullptr || !value->is_boolean()) return std::nullopt;
  return value->get<bool>();
}

const json* ObjectAt(const json& object, std::initializer_list<const char*> path) {
  const json* value = Find(object, path);
  return value != nullptr && value->is_object() ? value : nullptr;
}

std::string IdAt(const json& object, std::initializer_list<const char*> path) {
  const json* value = Find(object, path);
  if (value == nullptr) return "";
  return value->is_string() ? value->get<std::string>() : TextAt(*value, {"id"});
}

bool IsRetryable(absl::string_view decline_code) { return !absl::c_linear_search(kHardDeclines, decline_code); }

int64_t FeeOf(const json& payment_intent) {
  const json* balance = ObjectAt(payment_intent, {"latest_charge", "balance_transaction"});
  if (balance == nullptr) return 0;
  const std::optional<int64_t> fee = NumberAt(*balance, {"fee"});
  const std::string currency = TextAt(*balance, {"currency"});
  // An account that settles in another currency pays its fee in that.
  if (!fee || currency != TextAt(payment_intent, {"currency"})) return 0;
  const absl::StatusOr<Money> money = ToMoney(currency, *fee);
  return money.ok() ? money->amount : 0;
}

ChargeOutcome OutcomeOfIntent(const json& payment_intent) {
  const std::string status = TextAt(payment_intent, {"status"});
  ChargeOutcome outcome;
  if (status == "succeeded") {
    outcome = {.kind = ChargeOutcome::Kind::kSucceeded, .fee = FeeOf(payment_intent)};
  } else if (status == "processing") {
    outcome.kind = ChargeOutcome::Kind::kProcessing;
  } else if (status == "requires_action") {
    outcome.kind = ChargeOutcome::Kind::kRequiresAction;
  } else if (status == "requires_payment_method") {
    const json* error = ObjectAt(payment_intent, {"last_payment_error"});
    outcome = Declined(error == nullptr ? json::object() : *error);
  } else if (status == "canceled") {
    outcome = {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = "canceled", .retryable = true};
  }
  outcome.provider_ref = TextAt(payment_intent, {"id"});
  return outcome;
}

ChargeOutcome OutcomeOfError(int http_status, const json& answer) {
  const json* error = ObjectAt(answer, {"error"});
  if (error == nullptr) return {};
  const std::string type = TextAt(*error, {"type"});
  if (http_status == 402 && type == "card_error") {
    ChargeOutcome outcome = Declined(*error);
    outcome.provider_ref = TextAt(*error, {"payment_intent", "id"});
    return outcome;
  }
  // Refused as it stands, and would be again. Under a key that was used for something else nothing is known; nor where
  // we are not let in: that is for people to mend, and the charge is made then.
  if ((http_status == 400 || http_status == 404) && type == "invalid_request_error") {
    const std::string code = TextAt(*error, {"code"});
    return {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = code.empty() ? "invalid_request" : code};
  }
  return {};
}

std::optional<ExternalSubscription> SubscriptionOf(const json& subscription) {
  const json* const items = Find(subscription, {"items", "data"});
  if (items == nullptr || !items->is_array() || items->size() != 1 || !items->front().is_object()) return std::nullopt;
  const json& item = items->front();
  const std::optional<int64_t> amount = NumberAt(item, {"price", "unit_amount"});
  const std::optional<ExternalSubscription::State> state = StateNamed(TextAt(subscription, {"status"}));
  const std::optional<int64_t> start = NumberAt(subscription, {"current_period_start"});
  const std::optional<int64_t> end = NumberAt(subscription, {"current_period_end"});
  if (!amount || !state || !start || !end || TextAt(subscription, {"id"}).empty()) return std::nullopt;
  absl::StatusOr<Money> money = ToMoney(TextAt(item, {"price", "currency"}), *amount);
  if (!money.ok()) return std::nullopt;
  ExternalSubscription external;
  external.ref = TextAt(subscription, {"id"});
  external.state = *state;
  external.money = *std::move(money);
  external.seats = static_cast<int32_t>(std::clamp<int64_t>(NumberAt(item, {"quantity"}).value_or(1), 1, kMostSeats));
  external.period_start_time = absl::FromUnixSeconds(*start);
  external.period_end_time = absl::FromUnixSeconds(*end);
  if (const std::optional<int64_t> trial_end = NumberAt(subscription, {"trial_end"})) {
    external.trial_end_time = absl::FromUnixSeconds(*trial_end);
  }
  external.cancel_at_period_end = FlagAt(subscription, {"cancel_at_period_end"}).value_or(false);
  return external;
}

RefundOutcome OutcomeOfRefund(const json& refund) {
  const std::string status = TextAt(refund, {"status"});
  RefundOutcome outcome = {.provider_ref = TextAt(refund, {"id"})};
  if (status == "succeeded") outcome.kind = RefundOutcome::Kind::kSucceeded;
  if (status == "pending" || status == "requires_action") outcome.kind = RefundOutcome::Kind::kProcessing;
  if (status == "failed" || status == "canceled") {
    outcome.kind = RefundOutcome::Kind::kFailed;
    outcome.failure = TextAt(refund, {"failure_reason"});
    if (outcome.failure.empty()) outcome.failure = status;
  }
  return outcome;
}

}  // namespace masthead::memberships::stripe

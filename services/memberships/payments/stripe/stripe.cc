#include "services/memberships/payments/stripe/stripe.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/telemetry/log.h"
#include "services/memberships/payments/payment_errors.h"
#include "services/memberships/payments/stripe/stripe_customer_store.h"
#include "services/memberships/payments/stripe/stripe_event.h"
#include "services/memberships/payments/stripe/stripe_money.h"
#include "services/memberships/payments/stripe/stripe_objects.h"
#include "services/memberships/payments/webhook_signature.h"

namespace masthead::memberships::stripe {
namespace {

using nlohmann::json;

constexpr char kSignatureHeader[] = "stripe-signature";
constexpr char kExpandFee[] = "latest_charge.balance_transaction";
constexpr int kEventsAtATime = 100;

absl::string_view ModeName(bool livemode) { return livemode ? "live mode" : "test mode"; }

// Where a request was refused, that is said in the log, by Stripe's code and nothing of ours.
absl::Status Refused(const Answer& answer) {
  telemetry::Error("Stripe refused a request", {{"status", absl::StrCat(answer.status)},
                                                {"code", TextAt(answer.body, {"error", "code"})},
                                                {"param", TextAt(answer.body, {"error", "param"})}});
  return ProviderUnavailable("stripe");
}

void AddPaymentMode(const CheckoutPage& page, int64_t amount, absl::string_view currency, Form& form) {
  form.insert(form.end(), {{"mode", "payment"},
                           {"line_items[0][quantity]", "1"},
                           {"line_items[0][price_data][currency]", std::string(currency)},
                           {"line_items[0][price_data][unit_amount]", absl::StrCat(amount)},
                           {"line_items[0][price_data][product_data][name]", page.description},
                           {"payment_intent_data[metadata][masthead_payment]", page.payment_id},
                           {"metadata[masthead_payment]", page.payment_id}});
  if (page.keep_method) form.emplace_back("payment_intent_data[setup_future_usage]", "off_session");
}

}  // namespace

Stripe::Stripe(db::Database& database, StripeOptions options)
    : database_(database),
      webhook_secrets_(std::move(options.webhook_secrets)),
      client_(std::move(options.base_url), std::move(options.secret_key)) {}

absl::Status Stripe::CheckChargeable(const Money& money) const { return stripe::CheckChargeable(money); }

absl::StatusOr<std::string> Stripe::CustomerOf(const Scope& scope, const std::string& member_id) {
  ASSIGN_OR_RETURN(const std::optional<std::string> known,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadCustomer(tx, member_id); }));
  if (known) return *known;
  ASSIGN_OR_RETURN(const Answer answer, client_.Post(scope, "/v1/customers", {{"metadata[masthead_member]", member_id}},
                                                     absl::StrCat("customer-", member_id)));
  const std::string made = TextAt(answer.body, {"id"});
  if (answer.status != 200 || made.empty()) return Refused(answer);
  // The key made two callers at once one customer; a day later it would not, and the row does.
  return database_.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<std::string> {
    InsertCustomer(tx, member_id, made);
    return LoadCustomer(tx, member_id).value();
  });
}

absl::StatusOr<std::string> Stripe::OwnerOf(const Scope& scope, const std::string& member_id,
                                            const std::string& payment_method) {
  ASSIGN_OR_RETURN(const std::vector<std::string> customers,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadCustomers(tx, member_id); }));
  if (customers.empty()) return CustomerOf(scope, member_id);
  if (customers.size() == 1) return customers.front();
  ASSIGN_OR_RETURN(const Answer answer, client_.Get(scope, absl::StrCat("/v1/payment_methods/", payment_method), {}));
  const std::string owner = IdAt(answer.body, {"customer"});
  return answer.status == 200 && !owner.empty() ? owner : customers.front();
}

absl::StatusOr<HostedPage> Stripe::CreateCheckout(const Scope& scope, const CheckoutPage& page) {
  absl::StatusOr<std::string> customer = CustomerOf(scope, page.member_id);
  if (absl::IsUnavailable(customer.status())) return ProviderUnavailable(name_);
  RETURN_IF_ERROR(customer.status());
  Form form = {{"customer", *customer},
               {"client_reference_id", page.key},
               {"success_url", page.success_url},
               {"cancel_url", page.cancel_url},
               {"expires_at", absl::StrCat(absl::ToUnixSeconds(page.expire_time))}};
  const std::string currency = absl::AsciiStrToLower(page.money.currency);
  if (page.money.amount > 0) {
    ASSIGN_OR_RETURN(const int64_t amount, ToAmount(page.money));
    AddPaymentMode(page, amount, currency, form);
  } else {
    form.insert(form.end(), {{"mode", "setup"}, {"currency", currency}});
  }
  const absl::StatusOr<Answer> answer = client_.Post(scope, "/v1/checkout/sessions", form, page.key);
  if (absl::IsUnavailable(answer.status())) return ProviderUnavailable(name_);
  RETURN_IF_ERROR(answer.status());
  HostedPage hosted = {.provider_ref = TextAt(answer->body, {"id"}), .url = TextAt(answer->body, {"url"})};
  if (answer->status != 200 || hosted.provider_ref.empty() || hosted.url.empty()) return Refused(*answer);
  return hosted;
}

absl::Status Stripe::ExpireCheckout(const Scope& scope, const std::string& checkout_ref) {
  const absl::StatusOr<Answer> answer =
      client_.Post(scope, absl::StrCat("/v1/checkout/sessions/", checkout_ref, "/expire"), {},
                   absl::StrCat("expire-", checkout_ref));
  if (absl::IsUnavailable(answer.status())) return ProviderUnavailable(name_);
  RETURN_IF_ERROR(answer.status());
  // One that is complete or has expired cannot be expired; its event says which it is.
  if (answer->status == 200 || answer->status == 400) return absl::OkStatus();
  return Refused(*answer);
}

ChargeOutcome Stripe::MakeCharge(const Scope& scope, const Charge& charge) {
  const absl::StatusOr<int64_t> amount = ToAmount(charge.money);
  if (!amount.ok()) return {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = "amount_not_chargeable"};
  const absl::StatusOr<std::string> customer = OwnerOf(scope, charge.member_id, charge.payment_method);
  if (!customer.ok()) return {};
  const absl::StatusOr<Answer> answer = client_.Post(scope, "/v1/payment_intents",
                                                     {{"amount", absl::StrCat(*amount)},
                                                      {"currency", absl::AsciiStrToLower(charge.money.currency)},
                                                      {"customer", *customer},
                                                      {"payment_method", charge.payment_method},
                                                      {"off_session", "true"},
                                                      {"confirm", "true"},
                                                      {"description", charge.description},
                                                      {"metadata[masthead_payment]", charge.key},
                                                      {"expand[]", kExpandFee}},
                                                     charge.key);
  if (!answer.ok()) return {};
  return answer->status == 200 ? OutcomeOfIntent(answer->body) : OutcomeOfError(answer->status, answer->body);
}

RefundOutcome Stripe::MakeRefund(const Scope& scope, const RefundOrder& refund) {
  const absl::StatusOr<int64_t> amount = ToAmount(refund.money);
  if (!amount.ok()) return {.kind = RefundOutcome::Kind::kFailed, .failure = "amount_not_refundable"};
  const absl::StatusOr<Answer> answer = client_.Post(scope, "/v1/refunds",
                                                     {{"payment_intent", refund.payment_ref},
                                                      {"amount", absl::StrCat(*amount)},
                                                      {"metadata[masthead_refund]", refund.key}},
                                                     refund.key);
  if (!answer.ok()) return {};
  if (answer->status == 200) return OutcomeOfRefund(answer->body);
  const std::string type = TextAt(answer->body, {"error", "type"});
  if ((answer->status == 400 || answer->status == 404) && type == "invalid_request_error") {
    return {.kind = RefundOutcome::Kind::kFailed, .failure = TextAt(answer->body, {"error", "code"})};
  }
  return {};
}

absl::StatusOr<ChargeOutcome> Stripe::LookUpCharge(const Scope& scope, const std::string& key,
                                                   const std::string& payment_ref) {
  if (!payment_ref.empty()) {
    ASSIGN_OR_RETURN(const Answer answer,
                     client_.Get(scope, absl::StrCat("/v1/payment_intents/", payment_ref), {{"expand[]", kExpandFee}}));
    if (answer.status == 404) return absl::NotFoundError("Stripe has no such payment");
    if (answer.status != 200) return Refused(answer);
    return OutcomeOfIntent(answer.body);
  }
  // Keys are UUIDs: nothing in them could end the quotes.
  ASSIGN_OR_RETURN(const Answer answer,
                   client_.Get(scope, "/v1/payment_intents/search",
                               {{"query", absl::StrCat("metadata['masthead_payment']:'", key, "'")},
                                {"expand[]", absl::StrCat("data.", kExpandFee)}}));
  const auto found = answer.body.find("data");
  if (answer.status != 200 || found == answer.body.end() || !found->is_array()) return Refused(answer);
  if (found->empty()) return absl::NotFoundError("Stripe never heard of this payment");
  return OutcomeOfIntent(found->front());
}

absl::StatusOr<RefundOutcome> Stripe::LookUpRefund(const Scope& scope, const RefundOrder& refund,
                                                   const std::string& refund_ref) {
  if (!refund_ref.empty()) {
    ASSIGN_OR_RETURN(const Answer answer, client_.Get(scope, absl::StrCat("/v1/refunds/", refund_ref), {}));
    if (answer.status == 404) return absl::NotFoundError("Stripe has no such refund");
    if (answer.status != 200) return Refused(answer);
    return OutcomeOfRefund(answer.body);
  }
  ASSIGN_OR_RETURN(const Answer answer,
                   client_.Get(scope, "/v1/refunds", {{"payment_intent", refund.payment_ref}, {"limit", "100"}}));
  const auto listed = answer.body.find("data");
  if (answer.status != 200 || listed == answer.body.end() || !listed->is_array()) return Refused(answer);
  for (const json& one : *listed) {
    if (TextAt(one, {"metadata", "masthead_refund"}) == refund.key) return OutcomeOfRefund(one);
  }
  return absl::NotFoundError("Stripe never heard of this refund");
}

absl::StatusOr<ExternalSubscription> Stripe::ReadSubscription(const Scope& scope, const std::string& subscription_ref) {
  ASSIGN_OR_RETURN(const absl::Time ask_time, database_.Read(scope, db::Now));
  const absl::StatusOr<Answer> answer = client_.Get(scope, absl::StrCat("/v1/subscriptions/", subscription_ref), {});
  if (!answer.ok()) return ProviderUnavailable(name_);
  if (answer->status == 404) return absl::NotFoundError("Stripe has no such subscription");
  if (answer->status != 200) return Refused(*answer);
  std::optional<ExternalSubscription> subscription = SubscriptionOf(answer->body);
  if (!subscription) return absl::NotFoundError("Stripe has no such subscription of one price");
  subscription->ask_time = ask_time;
  return *std::move(subscription);
}

absl::Status Stripe::ForgetMember(const Scope& scope, const std::string& member_id) {
  ASSIGN_OR_RETURN(const std::optional<std::string> customer,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadCustomer(tx, member_id); }));
  if (!customer) return absl::OkStatus();
  const absl::StatusOr<Answer> answer = client_.Delete(scope, absl::StrCat("/v1/customers/", *customer));
  if (!answer.ok()) return ProviderUnavailable(name_);
  // One that is not there was deleted before.
  if (answer->status != 200 && answer->status != 404) return Refused(*answer);
  return database_.Write(scope, [&](db::Transaction& tx) {
    RemoveCustomer(tx, member_id);
    return absl::OkStatus();
  });
}

absl::Status Stripe::VerifyEvent(absl::string_view body, const std::map<std::string, std::string>& headers,
                                 absl::Time now) const {
  const auto header = headers.find(kSignatureHeader);
  const bool is_signed = header != headers.end() && IsSigned(body, header->second, webhook_secrets_, now);
  return is_signed ? absl::OkStatus() : BadSignature();
}

absl::StatusOr<ProviderEvent> Stripe::ParseEvent(const Scope& scope, absl::string_view body) {
  ASSIGN_OR_RETURN(const StripeEvent read, ReadEvent(body));
  ProviderEvent event = {.event_id = read.id, .type = read.type};
  if (read.livemode != client_.livemode()) {
    event.refusal = ProviderEventRejected(ModeName(client_.livemode()), ModeName(read.livemode));
  } else if (read.api_version != kApiVersion) {
    event.refusal = ProviderEventRejected(kApiVersion, read.api_version);
  }
  if (!event.refusal.ok()) return event;
  absl::Time ask_time;
  std::optional<json> missing;
  if (const std::string path = PathOfMissing(read); !path.empty()) {
    ASSIGN_OR_RETURN(ask_time, database_.Read(scope, db::Now));
    const bool payment = absl::StrContains(path, "payment_intents");
    const absl::StatusOr<Answer> answer = client_.Get(scope, path, payment ? Form{{"expand[]", kExpandFee}} : Form());
    if (!answer.ok() || answer->status != 200) return ProviderUnavailable(name_);
    missing = answer->body;
  }
  event.facts = FactsOf(read, missing ? &*missing : nullptr);
  for (ProviderFact& fact : event.facts) {
    if (fact.subscription) fact.subscription->ask_time = ask_time;
  }
  return event;
}

absl::StatusOr<ProviderEventPage> Stripe::ListEvents(const Scope& scope, const std::string& cursor) {
  // Stripe lists the newest first: what comes after an event is "before" it in the list, and the page that ends there
  // is the one to take first.
  Form query = {{"limit", absl::StrCat(kEventsAtATime)}};
  if (!cursor.empty()) query.emplace_back("ending_before", cursor);
  ASSIGN_OR_RETURN(const Answer answer, client_.Get(scope, "/v1/events", query));
  // The event that the cursor names is forgotten after 30 days: from the newest ones, then.
  if ((answer.status == 400 || answer.status == 404) && !cursor.empty()) return ProviderEventPage();
  const auto listed = answer.body.find("data");
  if (answer.status != 200 || listed == answer.body.end() || !listed->is_array()) return Refused(answer);
  ProviderEventPage page = {.events = {}, .next_cursor = cursor};
  for (auto event = listed->rbegin(); event != listed->rend(); ++event) {
    page.next_cursor = TextAt(*event, {"id"});
    page.events.emplace_back(page.next_cursor, event->dump());
  }
  return page;
}

}  // namespace masthead::memberships::stripe

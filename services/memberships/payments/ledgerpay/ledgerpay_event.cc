#include "services/memberships/payments/ledgerpay/ledgerpay_event.h"

#include <cstdint>
#include <optional>

#include "common/auth/json.h"
#include "common/base/errors.h"
#include "nlohmann/json.hpp"

namespace masthead::memberships::ledgerpay {
namespace {

using nlohmann::json;
using Kind = ProviderFact::Kind;

struct TypeOfKind {
  Kind kind;
  const char* type;
};
constexpr TypeOfKind kTypes[] = {{Kind::kCheckoutCompleted, "checkout.completed"},
                                 {Kind::kCheckoutExpired, "checkout.expired"},
                                 {Kind::kPaymentSettled, "payment.settled"},
                                 {Kind::kPaymentFailed, "payment.failed"},
                                 {Kind::kRefunded, "payment.refunded"},
                                 {Kind::kDisputeOpened, "dispute.opened"},
                                 {Kind::kDisputeWon, "dispute.won"},
                                 {Kind::kDisputeLost, "dispute.lost"},
                                 {Kind::kMethodUpdated, "payment_method.updated"},
                                 {Kind::kMethodDetached, "payment_method.detached"}};

const char* TypeOf(Kind kind) {
  for (const TypeOfKind& one : kTypes) {
    if (one.kind == kind) return one.type;
  }
  return "";
}

std::string Text(const json& object, const char* name) {
  const std::string* text = auth::FindText(object, name);
  return text == nullptr ? "" : *text;
}

int64_t Number(const json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_number_integer() ? member->get<int64_t>() : 0;
}

bool Flag(const json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_boolean() && member->get<bool>();
}

ProviderFact ReadFact(Kind kind, const json& data) {
  return {.kind = kind,
          .checkout_ref = Text(data, "checkout"),
          .payment_ref = Text(data, "payment"),
          .dispute_ref = Text(data, "dispute"),
          .payment_key = Text(data, "payment_key"),
          .payment_method = Text(data, "payment_method"),
          .new_payment_method = Text(data, "new_payment_method"),
          .money = {.currency = Text(data, "currency"), .amount = Number(data, "amount")},
          .fee = Number(data, "fee"),
          .paid = Flag(data, "paid"),
          .decline_code = Text(data, "decline_code"),
          .retryable = Flag(data, "retryable")};
}

}  // namespace

std::string FormatEvent(absl::string_view id, absl::Time time, bool livemode, const ProviderFact& fact) {
  return json{{"id", std::string(id)},
              {"type", TypeOf(fact.kind)},
              {"version", kEventVersion},
              {"livemode", livemode},
              {"created", absl::ToUnixSeconds(time)},
              {"data",
               {{"checkout", fact.checkout_ref},
                {"payment", fact.payment_ref},
                {"dispute", fact.dispute_ref},
                {"payment_key", fact.payment_key},
                {"payment_method", fact.payment_method},
                {"new_payment_method", fact.new_payment_method},
                {"currency", fact.money.currency},
                {"amount", fact.money.amount},
                {"fee", fact.fee},
                {"paid", fact.paid},
                {"decline_code", fact.decline_code},
                {"retryable", fact.retryable}}}}
      .dump();
}

absl::StatusOr<Event> ParseEvent(absl::string_view body) {
  const std::optional<json> parsed = auth::ParseJsonObject(body);
  Event event;
  if (parsed) {
    event = {.id = Text(*parsed, "id"),
             .type = Text(*parsed, "type"),
             .version = Text(*parsed, "version"),
             .livemode = Flag(*parsed, "livemode"),
             .fact = {}};
    const auto data = parsed->find("data");
    for (const TypeOfKind& one : kTypes) {
      if (event.id.empty() || event.type != one.type || data == parsed->end() || !data->is_object()) continue;
      event.fact = ReadFact(one.kind, *data);
      return event;
    }
  }
  FieldViolations violations;
  violations.Add("body", "is no event of ledgerpay's");
  return violations.ToStatus();
}

}  // namespace masthead::memberships::ledgerpay

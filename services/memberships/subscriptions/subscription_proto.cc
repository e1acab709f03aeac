#include "services/memberships/subscriptions/subscription_proto.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/members/member.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

// The values of these are named alike in the domain and on the wire.
template <typename Proto>
Proto ByName(absl::string_view name, bool (*parse)(const std::string&, Proto*)) {
  Proto value{};
  if (!name.empty()) parse(std::string(name), &value);
  return value;
}

ChangeTiming ParseTiming(v1::ChangeSubscriptionRequest::Timing timing, FieldViolations& violations) {
  switch (timing) {
    case v1::ChangeSubscriptionRequest::TIMING_UNSPECIFIED:
      return ChangeTiming::kByDirection;
    case v1::ChangeSubscriptionRequest::IMMEDIATE:
      return ChangeTiming::kImmediate;
    case v1::ChangeSubscriptionRequest::AT_PERIOD_END:
      return ChangeTiming::kAtPeriodEnd;
    default:
      violations.Add("timing", "must be a timing that is known");
      return ChangeTiming::kByDirection;
  }
}

void WriteTimes(const Subscription& subscription, v1::Subscription& proto) {
  const auto write = [](const std::optional<absl::Time>& time, google::protobuf::Timestamp* (*field)(v1::Subscription&),
                        v1::Subscription& to) {
    if (time) *field(to) = resource::ToTimestamp(*time);
  };
  using S = v1::Subscription;
  write(
      subscription.period_end_time, [](S& to) { return to.mutable_period_end_time(); }, proto);
  write(
      subscription.trial_end_time, [](S& to) { return to.mutable_trial_end_time(); }, proto);
  write(
      subscription.resume_time, [](S& to) { return to.mutable_resume_time(); }, proto);
  write(
      subscription.end_time, [](S& to) { return to.mutable_end_time(); }, proto);
  if (const std::optional<SubscriptionAccess> access = AccessOf(subscription)) {
    write(
        access->end_time, [](S& to) { return to.mutable_access_end_time(); }, proto);
  }
  *proto.mutable_period_start_time() = resource::ToTimestamp(subscription.period_start_time);
  *proto.mutable_create_time() = resource::ToTimestamp(subscription.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(subscription.update_time);
}

void WritePending(const Subscription& subscription, v1::Subscription& proto) {
  if (!subscription.pending) return;
  v1::Subscription::PendingChange& change = *proto.mutable_pending_change();
  change.set_price(absl::StrCat("prices/", subscription.pending->price_id));
  *change.mutable_unit_amount() = ToMoney({subscription.terms.money.currency, subscription.pending->amount});
  change.set_seats(subscription.pending->seats);
  if (subscription.pending->invoice_id.empty()) return;
  change.set_invoice(absl::StrCat("members/", subscription.member_id, "/invoices/", subscription.pending->invoice_id));
}

}  // namespace

v1::Money ToMoney(const Money& money) {
  v1::Money proto;
  proto.set_currency_code(money.currency);
  proto.set_minor_units(money.amount);
  return proto;
}

v1::Subscription ToProto(const Subscription& subscription) {
  v1::Subscription proto;
  proto.set_name(SubscriptionName(subscription.member_id, subscription.id));
  proto.set_state(ByName<v1::Subscription::State>(Name(subscription.state), v1::Subscription::State_Parse));
  if (!subscription.terms.tier_id.empty()) proto.set_tier(TierName(subscription.terms.tier_id));
  proto.set_price(absl::StrCat("prices/", subscription.terms.price_id));
  *proto.mutable_unit_amount() = ToMoney(subscription.terms.money);
  proto.set_seats(subscription.terms.seats);
  proto.set_collection(
      ByName<v1::Subscription::Collection>(Name(subscription.collection), v1::Subscription::Collection_Parse));
  if (!subscription.offer_id.empty() && subscription.offer_invoices_left != 0) {
    proto.set_offer(absl::StrCat("offers/", subscription.offer_id));
    if (subscription.offer_invoices_left)
      proto.mutable_offer_invoices_left()->set_value(*subscription.offer_invoices_left);
  }
  proto.set_period_paid(subscription.period_paid);
  proto.set_cancel_at_period_end(subscription.cancel_at_period_end);
  proto.set_end_reason(
      ByName<v1::Subscription::EndReason>(Name(subscription.end_reason), v1::Subscription::EndReason_Parse));
  WriteTimes(subscription, proto);
  WritePending(subscription, proto);
  proto.set_external_id(subscription.external_ref);
  proto.set_etag(resource::Etag(subscription.revision));
  return proto;
}

void WriteCharge(const Invoice& invoice, absl::Time proration_time, v1::ChangeSubscriptionResponse& response) {
  *response.mutable_proration_time() = resource::ToTimestamp(proration_time);
  response.set_invoice(absl::StrCat(MemberName(invoice.member_id), "/invoices/", invoice.id));
  for (const InvoiceLine& line : invoice.lines) {
    v1::ChangeSubscriptionResponse::Line& proto = *response.add_lines();
    proto.set_description(line.description);
    *proto.mutable_amount() = ToMoney({invoice.currency, line.amount - line.discount});
  }
  *response.mutable_tax() = ToMoney({invoice.currency, invoice.tax});
  *response.mutable_total() = ToMoney({invoice.currency, invoice.total});
  *response.mutable_due() = ToMoney({invoice.currency, invoice.due().amount});
}

WantedChange ParseWantedChange(const v1::ChangeSubscriptionRequest& request, FieldViolations& violations) {
  WantedChange wanted;
  wanted.timing = ParseTiming(request.timing(), violations);
  if (!request.price().empty()) wanted.price_id = IdIn("price", request.price(), "prices", violations);
  if (request.seats() != 0) wanted.seats = request.seats();
  if (request.unit_amount() != 0) wanted.amount = request.unit_amount();
  if (request.has_proration_time()) {
    wanted.proration_time = resource::ParseTimestamp("proration_time", request.proration_time(), violations);
  }
  return wanted;
}

std::string ParseCancelReason(v1::CancelReason reason, FieldViolations& violations) {
  if (reason == v1::CANCEL_REASON_UNSPECIFIED) return "";
  if (!v1::CancelReason_IsValid(reason)) violations.Add("reason", "must be a reason that is known");
  return v1::CancelReason_Name(reason);
}

}  // namespace masthead::memberships

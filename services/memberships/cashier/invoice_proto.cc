#include "services/memberships/cashier/invoice_proto.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/books/checkout.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {
namespace {

// The wire's words are the domain's.
v1::Invoice::Kind ToProto(Invoice::Kind kind) {
  v1::Invoice::Kind proto = v1::Invoice::KIND_UNSPECIFIED;
  v1::Invoice::Kind_Parse(std::string(Name(kind)), &proto);
  return proto;
}

v1::Invoice::State ToProto(Invoice::State state) {
  v1::Invoice::State proto = v1::Invoice::STATE_UNSPECIFIED;
  v1::Invoice::State_Parse(std::string(Name(state)), &proto);
  return proto;
}

v1::Invoice::Line ToProto(const InvoiceLine& line) {
  v1::Invoice::Line proto;
  v1::Invoice::Line::Kind kind = v1::Invoice::Line::KIND_UNSPECIFIED;
  v1::Invoice::Line::Kind_Parse(std::string(Name(line.kind)), &kind);
  proto.set_kind(kind);
  proto.set_description(line.description);
  proto.set_quantity(line.quantity);
  proto.set_amount(line.amount);
  proto.set_discount(line.discount);
  proto.set_tax(line.tax);
  if (line.start_time) *proto.mutable_start_time() = resource::ToTimestamp(*line.start_time);
  if (line.end_time) *proto.mutable_end_time() = resource::ToTimestamp(*line.end_time);
  return proto;
}

}  // namespace

v1::Invoice ToProto(const Invoice& invoice) {
  v1::Invoice proto;
  proto.set_name(InvoiceName(invoice.member_id, invoice.id));
  proto.set_number(invoice.number);
  proto.set_kind(ToProto(invoice.kind));
  proto.set_state(ToProto(invoice.state));
  if (!invoice.subscription_id.empty()) {
    proto.set_subscription(absl::StrCat(MemberName(invoice.member_id), "/subscriptions/", invoice.subscription_id));
  }
  if (!invoice.checkout_id.empty()) proto.set_checkout(CheckoutName(invoice.member_id, invoice.checkout_id));
  proto.set_currency_code(invoice.currency);
  proto.set_subtotal(invoice.subtotal);
  proto.set_discount(invoice.discount);
  proto.set_tax(invoice.tax);
  proto.set_total(invoice.total);
  proto.set_credit_applied(invoice.credit_applied);
  proto.set_amount_due(invoice.due().amount);
  proto.set_amount_paid(invoice.paid);
  proto.set_amount_refunded(invoice.refunded);
  proto.set_amount_credited(invoice.credited);
  for (const InvoiceLine& line : invoice.lines) *proto.add_lines() = ToProto(line);
  if (invoice.period_start_time) {
    *proto.mutable_period_start_time() = resource::ToTimestamp(*invoice.period_start_time);
  }
  if (invoice.period_end_time) *proto.mutable_period_end_time() = resource::ToTimestamp(*invoice.period_end_time);
  *proto.mutable_create_time() = resource::ToTimestamp(invoice.create_time);
  *proto.mutable_due_time() = resource::ToTimestamp(invoice.due_time);
  if (invoice.settle_time) *proto.mutable_settle_time() = resource::ToTimestamp(*invoice.settle_time);
  proto.set_etag(resource::Etag(invoice.revision));
  return proto;
}

std::optional<Invoice::State> ParseState(v1::Invoice::State state, FieldViolations& violations) {
  if (state == v1::Invoice::STATE_UNSPECIFIED) return std::nullopt;
  const std::optional<Invoice::State> parsed = ParseInvoiceState(v1::Invoice::State_Name(state));
  if (!parsed) violations.Add("state", "must be OPEN, PAID, VOID or UNCOLLECTIBLE");
  return parsed;
}

}  // namespace masthead::memberships

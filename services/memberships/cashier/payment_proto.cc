#include "services/memberships/cashier/payment_proto.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/books/checkout.h"
#include "services/memberships/books/invoice.h"

namespace masthead::memberships {
namespace {

v1::Payment::Refund ToProto(const Refund& refund) {
  v1::Payment::Refund proto;
  v1::Payment::Refund::State state = v1::Payment::Refund::STATE_UNSPECIFIED;
  v1::Payment::Refund::State_Parse(std::string(Name(refund.state)), &state);
  proto.set_refund_id(refund.id);
  proto.set_amount(refund.amount);
  proto.set_reason(refund.reason);
  proto.set_automatic(refund.automatic);
  proto.set_state(state);
  proto.set_failure(refund.failure);
  *proto.mutable_create_time() = resource::ToTimestamp(refund.create_time);
  if (refund.settle_time) *proto.mutable_settle_time() = resource::ToTimestamp(*refund.settle_time);
  return proto;
}

void Fill(const Money& money, v1::Money& proto) {
  proto.set_currency_code(money.currency);
  proto.set_minor_units(money.amount);
}

}  // namespace

v1::Payment ToProto(const Payment& payment, const std::vector<Refund>& refunds) {
  v1::Payment proto;
  v1::Payment::Kind kind = v1::Payment::KIND_UNSPECIFIED;
  v1::Payment::State state = v1::Payment::STATE_UNSPECIFIED;
  v1::Payment::Kind_Parse(std::string(Name(payment.kind)), &kind);
  v1::Payment::State_Parse(std::string(Name(payment.state)), &state);
  proto.set_name(PaymentName(payment.member_id, payment.id));
  proto.set_kind(kind);
  proto.set_state(state);
  if (!payment.invoice_id.empty()) proto.set_invoice(InvoiceName(payment.member_id, payment.invoice_id));
  if (!payment.checkout_id.empty()) proto.set_checkout(CheckoutName(payment.member_id, payment.checkout_id));
  proto.set_attempt(payment.attempt);
  proto.set_provider(absl::StrCat("paymentProviders/", payment.provider));
  Fill(payment.money, *proto.mutable_money());
  proto.set_fee(payment.fee);
  proto.set_amount_refunded(payment.refunded);
  proto.set_suspended(payment.suspended);
  proto.set_decline_code(payment.decline_code);
  proto.set_retryable(payment.retryable);
  proto.set_reference(payment.reference);
  for (const Refund& refund : refunds) *proto.add_refunds() = ToProto(refund);
  *proto.mutable_create_time() = resource::ToTimestamp(payment.create_time);
  if (payment.settle_time) *proto.mutable_settle_time() = resource::ToTimestamp(*payment.settle_time);
  proto.set_etag(resource::Etag(payment.revision));
  return proto;
}

v1::Dispute ToProto(const Dispute& dispute) {
  v1::Dispute proto;
  v1::Dispute::State state = v1::Dispute::STATE_UNSPECIFIED;
  v1::Dispute::State_Parse(std::string(Name(dispute.state)), &state);
  proto.set_name(DisputeName(dispute.member_id, dispute.id));
  proto.set_payment(PaymentName(dispute.member_id, dispute.payment_id));
  proto.set_state(state);
  Fill(dispute.money, *proto.mutable_money());
  proto.set_fee(dispute.fee);
  *proto.mutable_create_time() = resource::ToTimestamp(dispute.create_time);
  if (dispute.close_time) *proto.mutable_close_time() = resource::ToTimestamp(*dispute.close_time);
  return proto;
}

}  // namespace masthead::memberships

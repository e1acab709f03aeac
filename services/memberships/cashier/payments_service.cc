#include "services/memberships/cashier/payments_service.h"

#include <optional>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/text/text.h"
#include "services/memberships/books/book_errors.h"
#include "services/memberships/books/dispute_store.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/books/refund_store.h"
#include "services/memberships/cashier/page_cursor.h"
#include "services/memberships/cashier/payment_proto.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/payments/facts.h"

namespace masthead::memberships {
namespace {

constexpr char kEveryMember[] = "members/-";

Refund RefundOf(const Payment& payment, int64_t amount, const std::string& reason, bool revoke_access, absl::Time now) {
  Refund refund;
  refund.id = ids::NewUuid();
  refund.payment_id = payment.id;
  refund.amount = amount;
  refund.reason = reason;
  refund.revoke_access = revoke_access;
  refund.create_time = now;
  if (payment.kind != Payment::Kind::kManual) refund.next_action_time = now;
  return refund;
}

}  // namespace

PaymentsService::PaymentsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key)
    : database_(database), feed_(feed), page_tokens_(mac_key.Derive("memberships.payments.page")) {}

void PaymentsService::Register(rpc::Service& service) {
  service.Unary("GetPayment", this, &PaymentsService::Get);
  service.Unary("ListPayments", this, &PaymentsService::List);
  service.Unary("RefundPayment", this, &PaymentsService::GiveBack);
  service.Unary("ListDisputes", this, &PaymentsService::ListDisputes);
}

absl::StatusOr<v1::Payment> PaymentsService::Get(const Call& call, const v1::GetPaymentRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "payments", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id.member_id));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Payment> {
    const std::optional<Payment> payment = LoadPayment(tx, id.id);
    if (!payment || payment->member_id != id.member_id) return PaymentNotFound(request.name());
    return ToProto(*payment, LoadRefunds(tx, payment->id));
  });
}

absl::StatusOr<v1::ListPaymentsResponse> PaymentsService::List(const Call& call,
                                                               const v1::ListPaymentsRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  return database_.Read(call.scope, [&](db::Transaction& tx) {
    const std::vector<Payment> payments = LoadPayments(tx, member_id, CursorOf<PaymentCursor>(after), page_size + 1);
    v1::ListPaymentsResponse response;
    for (const Payment& payment : payments) {
      if (response.payments_size() == page_size) {
        response.set_next_page_token(
            page_tokens_.Make(call.caller->principal(), request, KeysetOf(payments[page_size - 1])));
        break;
      }
      *response.add_payments() = ToProto(payment, LoadRefunds(tx, payment.id));
    }
    return response;
  });
}

absl::StatusOr<v1::Payment> PaymentsService::GiveBack(const Call& call, const v1::RefundPaymentRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "payments", violations);
  std::string reason = request.reason();
  text::CheckLine("reason", reason, 255, /*required=*/true, violations);
  // A part may be given back twice, and nothing else would tell that from a repetition.
  if (request.request_id().empty()) violations.Add("request_id", "must not be empty: money moves");
  if (request.amount() < 0) violations.Add("amount", "must not be negative");
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Payment>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Payment> {
        LockPayer(tx, id.member_id);
        std::optional<Payment> payment = LockPayment(tx, id.id);
        if (!payment || payment->member_id != id.member_id) return PaymentNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), payment->revision, request.name()));
        const int64_t refundable = Refundable(*payment, LoadRefunds(tx, payment->id));
        const int64_t amount = request.amount() == 0 ? refundable : request.amount();
        if (amount == 0 || amount > refundable) return RefundTooLarge(refundable);
        const absl::Time now = db::Now(tx);
        const Refund refund = RefundOf(*payment, amount, reason, request.revoke_access(), now);
        InsertRefund(tx, refund);
        change = {.resource = request.name(), .revision_before = payment->revision};
        SavePayment(tx, *payment);
        if (payment->kind == Payment::Kind::kManual) {
          RecordRefund(tx, feed_, refund.id, {.kind = RefundOutcome::Kind::kSucceeded}, now);
        }
        const Payment after = LoadPayment(tx, payment->id).value();
        change.revision_after = after.revision;
        return ToProto(after, LoadRefunds(tx, after.id));
      });
}

absl::StatusOr<v1::ListDisputesResponse> PaymentsService::ListDisputes(const Call& call,
                                                                       const v1::ListDisputesRequest& request) {
  FieldViolations violations;
  const std::string member_id =
      request.parent() == kEveryMember ? "" : IdIn("parent", request.parent(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Dispute> disputes, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadDisputePage(tx, member_id, CursorOf<DisputeCursor>(after), page_size + 1);
  }));
  v1::ListDisputesResponse response;
  for (const Dispute& dispute : disputes) {
    if (response.disputes_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, KeysetOf(disputes[page_size - 1])));
      break;
    }
    *response.add_disputes() = ToProto(dispute);
  }
  return response;
}

}  // namespace masthead::memberships

#include "services/memberships/cashier/invoices_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/text/text.h"
#include "services/memberships/books/book_errors.h"
#include "services/memberships/books/invoice_store.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/books/refund_store.h"
#include "services/memberships/cashier/invoice_proto.h"
#include "services/memberships/cashier/page_cursor.h"
#include "services/memberships/cashier/payment_proto.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/payments/facts.h"
#include "services/memberships/payments/payment_errors.h"
#include "services/memberships/payments/settling.h"

namespace masthead::memberships {
namespace {

// As long as the call that made a payment has it to itself: the worker takes it to the provider after that.
constexpr absl::Duration kOwnLease = absl::Minutes(1);
// For writing down what the provider said, whether or not the caller still waits.
constexpr absl::Duration kToRecord = absl::Seconds(10);

constexpr char kManual[] = "manual";

// A payment that is to be made, as the provider is asked for it.
struct Asked {
  Payment payment;
  int64_t invoice_number = 0;
};

// The member's, OPEN, as the caller knows it, and no attempt to be paid is under way.
absl::StatusOr<Invoice> LockCollectable(db::Transaction& tx, const ChildId& id, const std::string& name,
                                        const std::string& etag, absl::string_view event) {
  LockPayer(tx, id.member_id);
  std::optional<Invoice> invoice = LockInvoice(tx, id.id);
  if (!invoice || invoice->member_id != id.member_id) return InvoiceNotFound(name);
  RETURN_IF_ERROR(resource::CheckEtag(etag, invoice->revision, name));
  if (invoice->state != Invoice::State::kOpen) return InvalidTransition(name, Name(invoice->state), event);
  const std::vector<Payment> attempts = LoadAttempts(tx, invoice->id);
  if (!attempts.empty() && !IsResolved(attempts.front().state)) {
    return PaymentUnresolved(PaymentName(id.member_id, attempts.front().id));
  }
  return *std::move(invoice);
}

v1::Payment LoadProto(db::Transaction& tx, const std::string& payment_id) {
  return ToProto(LoadPayment(tx, payment_id).value(), LoadRefunds(tx, payment_id));
}

}  // namespace

InvoicesService::InvoicesService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key,
                                 const Providers& providers)
    : database_(database),
      feed_(feed),
      providers_(providers),
      page_tokens_(mac_key.Derive("memberships.invoices.page")) {}

void InvoicesService::Register(rpc::Service& service) {
  service.Unary("GetInvoice", this, &InvoicesService::Get);
  service.Unary("ListInvoices", this, &InvoicesService::List);
  service.Unary("CollectInvoice", this, &InvoicesService::Collect);
  service.Unary("VoidInvoice", this, &InvoicesService::Void);
  service.Unary("RecordManualPayment", this, &InvoicesService::RecordManual);
}

absl::StatusOr<v1::Invoice> InvoicesService::Get(const Call& call, const v1::GetInvoiceRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "invoices", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id.member_id));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Invoice> {
    const std::optional<Invoice> invoice = LoadInvoice(tx, id.id);
    if (!invoice || invoice->member_id != id.member_id) return InvoiceNotFound(request.name());
    return ToProto(*invoice);
  });
}

absl::StatusOr<v1::ListInvoicesResponse> InvoicesService::List(const Call& call,
                                                               const v1::ListInvoicesRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  const std::optional<Invoice::State> state = ParseState(request.state(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Invoice> invoices, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadInvoices(tx, member_id, state, CursorOf<InvoiceCursor>(after), page_size + 1);
  }));
  v1::ListInvoicesResponse response;
  for (const Invoice& invoice : invoices) {
    if (response.invoices_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, KeysetOf(invoices[page_size - 1])));
      break;
    }
    *response.add_invoices() = ToProto(invoice);
  }
  return response;
}

absl::StatusOr<v1::Payment> InvoicesService::Collect(const Call& call, const v1::CollectInvoiceRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "invoices", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  ASSIGN_OR_RETURN(
      const v1::Payment begun,
      idempotency::Mutate<v1::Payment>(
          database_, call, request,
          [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Payment> {
            ASSIGN_OR_RETURN(const Invoice invoice, LockCollectable(tx, id, request.name(), request.etag(), "collect"));
            const std::optional<BillingMethod> method = LoadBillingMethod(tx, invoice.subscription_id);
            if (!method || method->payment_method.empty() || providers_.Find(method->provider) == nullptr) {
              return PaymentMethodMissing(request.name());
            }
            Payment payment = ChargeOf(invoice, method->provider, method->payment_method, db::Now(tx));
            payment.lease_time = payment.create_time + kOwnLease;
            InsertNextAttempt(tx, payment);
            change = {.resource = PaymentName(payment.member_id, payment.id),
                      .revision_before = 0,
                      .revision_after = payment.revision};
            return LoadProto(tx, payment.id);
          }));
  return Charged(call, ChildIdIn("name", begun.name(), "payments", violations).id);
}

absl::StatusOr<v1::Payment> InvoicesService::Charged(const Call& call, const std::string& payment_id) {
  ASSIGN_OR_RETURN(const Asked asked, database_.Read(call.scope, [&](db::Transaction& tx) {
    const Payment payment = LoadPayment(tx, payment_id).value();
    return Asked{payment, LoadInvoice(tx, payment.invoice_id).value().number};
  }));
  const Payment& payment = asked.payment;
  if (payment.state == Payment::State::kCreated) {
    PaymentProvider* const provider = providers_.Find(payment.provider);
    if (provider == nullptr) return ProviderUnavailable(payment.provider);
    failpoint::Hit("memberships.collect.before_call");
    const ChargeOutcome outcome =
        provider->MakeCharge(call.scope, {.key = payment.id,
                                          .member_id = payment.member_id,
                                          .payment_method = payment.payment_method,
                                          .description = absl::StrCat("Invoice ", asked.invoice_number),
                                          .money = payment.money});
    failpoint::Hit("memberships.collect.after_call");
    RETURN_IF_ERROR(
        database_.Write(Scope{.deadline = absl::Now() + kToRecord}, [&](db::Transaction& tx) -> absl::Status {
          RecordCharge(tx, feed_, payment.id, outcome, db::Now(tx));
          return absl::OkStatus();
        }));
  }
  ASSIGN_OR_RETURN(v1::Payment charged, database_.Read(Scope{.deadline = absl::Now() + kToRecord},
                                                       [&](db::Transaction& tx) { return LoadProto(tx, payment_id); }));
  if (charged.state() == v1::Payment::FAILED) return CardDeclined(charged.decline_code(), charged.retryable());
  return charged;
}

absl::StatusOr<v1::Invoice> InvoicesService::Void(const Call& call, const v1::VoidInvoiceRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "invoices", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Invoice>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Invoice> {
        ASSIGN_OR_RETURN(const Invoice invoice, LockCollectable(tx, id, request.name(), request.etag(), "void"));
        VoidInvoice(tx, feed_, invoice.id, db::Now(tx));
        const Invoice withdrawn = LoadInvoice(tx, invoice.id).value();
        change = {
            .resource = request.name(), .revision_before = invoice.revision, .revision_after = withdrawn.revision};
        return ToProto(withdrawn);
      });
}

absl::StatusOr<v1::Payment> InvoicesService::RecordManual(const Call& call,
                                                          const v1::RecordManualPaymentRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "invoices", violations);
  std::string reference = request.reference();
  text::CheckLine("reference", reference, 40, /*required=*/true, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Payment>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Payment> {
        ASSIGN_OR_RETURN(const Invoice invoice,
                         LockCollectable(tx, id, request.name(), request.etag(), "record a payment"));
        const Money due = invoice.due();
        if (request.money().currency_code() != due.currency) {
          return CurrencyMismatch(due.currency, request.money().currency_code());
        }
        if (request.money().minor_units() != due.amount) return AmountOutOfRange(due.amount, due.amount);
        const absl::Time now = db::Now(tx);
        Payment payment = ChargeOf(invoice, kManual, "", now);
        payment.kind = Payment::Kind::kManual;
        payment.reference = reference;
        payment.next_action_time = std::nullopt;
        InsertNextAttempt(tx, payment);
        Payment recorded = LockPayment(tx, payment.id).value();
        SettlePayment(tx, feed_, recorded, {}, now);
        change = {.resource = PaymentName(payment.member_id, payment.id),
                  .revision_before = 0,
                  .revision_after = recorded.revision};
        return ToProto(recorded, {});
      });
}

}  // namespace masthead::memberships

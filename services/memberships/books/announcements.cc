#include "services/memberships/books/announcements.h"

#include <string>
#include <utility>

#include "common/events/announcement.h"
#include "masthead/memberships/v1/events.pb.h"
#include "services/memberships/books/invoice_store.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {
namespace {

void Announce(db::Transaction& tx, events::Feed& feed, const char* type, const Invoice& invoice, int64_t revision,
              absl::Time now) {
  const std::string name = InvoiceName(invoice.member_id, invoice.id);
  v1::Event event;
  v1::InvoiceChanged& changed = *event.mutable_invoice_changed();
  changed.set_invoice(name);
  changed.set_member(MemberName(invoice.member_id));
  changed.set_total(invoice.total);
  changed.set_currency_code(invoice.currency);
  events::Announce(tx, feed, {.type = type, .resource = name, .revision = revision, .time = now}, std::move(event));
}

}  // namespace

void AnnounceIssued(db::Transaction& tx, events::Feed& feed, const Invoice& invoice, absl::Time now) {
  Announce(tx, feed, "invoice.issued", invoice, /*revision=*/1, now);
}

void AnnounceInvoice(db::Transaction& tx, events::Feed& feed, const char* type, const Invoice& invoice,
                     absl::Time now) {
  Announce(tx, feed, type, invoice, RaiseInvoiceEventRevision(tx, invoice.id), now);
}

void AnnouncePayment(db::Transaction& tx, events::Feed& feed, const char* type, const Payment& payment, int64_t amount,
                     absl::Time now) {
  const std::string name = PaymentName(payment.member_id, payment.id);
  v1::Event event;
  v1::PaymentChanged& changed = *event.mutable_payment_changed();
  changed.set_payment(name);
  changed.set_member(MemberName(payment.member_id));
  changed.set_amount(amount);
  changed.set_currency_code(payment.money.currency);
  changed.set_decline_code(payment.decline_code);
  events::Announce(tx, feed,
                   {.type = type, .resource = name, .revision = RaisePaymentEventRevision(tx, payment.id), .time = now},
                   std::move(event));
}

}  // namespace masthead::memberships

#include "services/memberships/cashier/ledger_proto.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/resource/timestamp.h"
#include "services/memberships/books/invoice.h"
#include "services/memberships/books/payment.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

v1::LedgerTransaction ToProto(const LedgerTransaction& transaction) {
  v1::LedgerTransaction proto;
  const std::string& member_id = transaction.member_id;
  proto.set_number(transaction.number);
  proto.set_kind(transaction.kind);
  proto.set_member(MemberName(member_id));
  if (!transaction.invoice_id.empty()) proto.set_invoice(InvoiceName(member_id, transaction.invoice_id));
  if (!transaction.payment_id.empty()) proto.set_payment(PaymentName(member_id, transaction.payment_id));
  for (const Posting::Entry& entry : transaction.entries) {
    v1::LedgerTransaction::Entry& entry_proto = *proto.add_entries();
    entry_proto.set_account(std::string(Name(entry.account)));
    if (!entry.provider.empty()) entry_proto.set_provider(absl::StrCat("paymentProviders/", entry.provider));
    entry_proto.mutable_money()->set_currency_code(entry.money.currency);
    entry_proto.mutable_money()->set_minor_units(entry.money.amount);
  }
  *proto.mutable_record_time() = resource::ToTimestamp(transaction.record_time);
  return proto;
}

}  // namespace masthead::memberships

#include "services/memberships/books/invoice.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/memberships/books/spelling.h"

namespace masthead::memberships {
namespace {

constexpr Spelling<InvoiceLine::Kind> kLineKinds[] = {{InvoiceLine::Kind::kPeriod, "PERIOD"},
                                                      {InvoiceLine::Kind::kProrationCredit, "PRORATION_CREDIT"},
                                                      {InvoiceLine::Kind::kProrationCharge, "PRORATION_CHARGE"},
                                                      {InvoiceLine::Kind::kGift, "GIFT"},
                                                      {InvoiceLine::Kind::kDonation, "DONATION"}};
constexpr Spelling<Invoice::Kind> kKinds[] = {{Invoice::Kind::kCycle, "CYCLE"},
                                              {Invoice::Kind::kChange, "CHANGE"},
                                              {Invoice::Kind::kGift, "GIFT"},
                                              {Invoice::Kind::kDonation, "DONATION"},
                                              {Invoice::Kind::kManual, "MANUAL"}};
constexpr Spelling<Invoice::State> kStates[] = {{Invoice::State::kOpen, "OPEN"},
                                                {Invoice::State::kPaid, "PAID"},
                                                {Invoice::State::kVoid, "VOID"},
                                                {Invoice::State::kUncollectible, "UNCOLLECTIBLE"}};

}  // namespace

std::string InvoiceName(absl::string_view member_id, absl::string_view id) {
  return absl::StrCat("members/", member_id, "/invoices/", id);
}

absl::string_view Name(InvoiceLine::Kind kind) { return Spell(kLineKinds, kind); }
absl::string_view Name(Invoice::Kind kind) { return Spell(kKinds, kind); }
absl::string_view Name(Invoice::State state) { return Spell(kStates, state); }
std::optional<InvoiceLine::Kind> ParseInvoiceLineKind(absl::string_view name) { return Read(kLineKinds, name); }
std::optional<Invoice::Kind> ParseInvoiceKind(absl::string_view name) { return Read(kKinds, name); }
std::optional<Invoice::State> ParseInvoiceState(absl::string_view name) { return Read(kStates, name); }

int64_t TakePayment(Invoice& invoice, int64_t amount, absl::Time now) {
  const int64_t needed = std::min(invoice.due().amount, amount);
  invoice.paid += needed;
  if (invoice.state == Invoice::State::kOpen && invoice.due().amount == 0) {
    invoice.state = Invoice::State::kPaid;
    invoice.settle_time = now;
  }
  return amount - needed;
}

void TakeRefund(Invoice& invoice, int64_t amount) {
  invoice.refunded += std::min(amount, std::max<int64_t>(invoice.kept(), 0));
}

}  // namespace masthead::memberships

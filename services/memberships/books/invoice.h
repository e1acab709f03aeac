// An invoice: what a member owes for what, and what was paid of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/billing/money.h"
#include "services/memberships/books/ledger.h"

namespace masthead::memberships {

struct InvoiceLine {
  enum class Kind { kPeriod, kProrationCredit, kProrationCharge, kGift, kDonation };

  Kind kind = Kind::kPeriod;
  std::string description;
  int32_t quantity = 1;
  int64_t amount = 0;  // Of all of `quantity`; negative for a credit.
  int64_t discount = 0;
  int64_t tax = 0;
  std::optional<absl::Time> start_time;
  std::optional<absl::Time> end_time;
};

struct Invoice {
  enum class Kind { kCycle, kChange, kGift, kDonation, kManual };
  enum class State { kOpen, kPaid, kVoid, kUncollectible };

  std::string member_id;
  std::string id;
  int64_t number = 0;           // Without gaps; given as the transaction that issues the invoice commits, 0 until then.
  std::string subscription_id;  // Empty where there is none.
  std::string checkout_id;      // Empty where there is none.
  Kind kind = Kind::kCycle;
  std::optional<int64_t> period_index;  // kCycle alone.
  std::string currency;
  int64_t subtotal = 0;
  int64_t discount = 0;
  int64_t tax = 0;
  int64_t total = 0;
  int64_t credit_applied = 0;  // Of what the member had to the good; negative: what was carried to this invoice.
  int64_t paid = 0;
  int64_t refunded = 0;  // Refunds and lost disputes, as far as they are of this invoice.
  int64_t credited = 0;  // Was put to the member's good again.
  State state = State::kOpen;
  Account revenue_account = Account::kRevenueSubscription;
  std::vector<InvoiceLine> lines;
  std::optional<absl::Time> period_start_time;
  std::optional<absl::Time> period_end_time;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time due_time;
  std::optional<absl::Time> settle_time;

  Money due() const { return {currency, state == State::kOpen ? total - credit_applied - paid : 0}; }
  // Of what was paid for it, in money or credit, what was not given back.
  int64_t kept() const { return paid + credit_applied - refunded - credited; }
  // What its credits exceed its charges by, which went to the member's good.
  int64_t overhang() const { return total - (subtotal - discount + tax); }
};

std::string InvoiceName(absl::string_view member_id, absl::string_view id);

absl::string_view Name(InvoiceLine::Kind kind);
absl::string_view Name(Invoice::Kind kind);
absl::string_view Name(Invoice::State state);
std::optional<InvoiceLine::Kind> ParseInvoiceLineKind(absl::string_view name);
std::optional<Invoice::Kind> ParseInvoiceKind(absl::string_view name);
std::optional<Invoice::State> ParseInvoiceState(absl::string_view name);

// Counts a payment towards it, as far as something is due; PAID once nothing is. Returns how much was not needed.
int64_t TakePayment(Invoice& invoice, int64_t amount, absl::Time now);

// Counts what was given back of a payment, as far as it was kept.
void TakeRefund(Invoice& invoice, int64_t amount);

}  // namespace masthead::memberships

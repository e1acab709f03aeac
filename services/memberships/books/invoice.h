// An invoice: what a member owes for what, and what was paid of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/memberships/billing/money.h"

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
  int64_t number = 0;
  std::string subscription_id;  // Empty where there is none.
  std::string checkout_id;      // Empty where there is none.
  Kind kind = Kind::kCycle;
  std::optional<int64_t> period_index;  // kCycle alone.
  std::string currency;
  int64_t subtotal = 0;
  int64_t discount = 0;
  int64_t tax = 0;
  int64_t total = 0;
  int64_t credit_applied = 0;  // Of what the member had to the good.
  int64_t paid = 0;
  int64_t refunded = 0;
  State state = State::kOpen;
  std::vector<InvoiceLine> lines;
  std::optional<absl::Time> period_start_time;
  std::optional<absl::Time> period_end_time;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time due_time;
  std::optional<absl::Time> settle_time;

  Money due() const { return {currency, state == State::kOpen ? total - credit_applied - paid : 0}; }
};

}  // namespace masthead::memberships

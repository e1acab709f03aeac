// What moves recurring revenue, and what the moves of many months add up to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::memberships {

enum class Movement { kNew, kReactivation, kExpansion, kContraction, kChurn };

// What is to be known of one move of a subscription.
struct RevenueMove {
  bool brought = false;    // Something, before.
  bool brings = false;     // Something, after.
  bool raised = false;     // It brings more than before.
  bool returning = false;  // The member paid for something before.
};

Movement MovementOf(const RevenueMove& move);

// Moves of one kind in one month and currency, added up.
struct MovementSum {
  int month = 0;  // Counted from 0; -1: all before the first.
  std::string currency;
  Movement movement = Movement::kNew;
  std::string reason;  // Of kChurn alone.
  int64_t moves = 0;
  int64_t annual = 0;  // After less before.
};

// In minor units a month but for `closing_annual`. What comes in a year is added up exactly, and each figure is rounded
// once.
struct RevenueMonth {
  int64_t opening = 0;
  int64_t from_new = 0;
  int64_t from_reactivation = 0;
  int64_t from_expansion = 0;
  int64_t from_contraction = 0;
  int64_t from_churn = 0;
  int64_t closing = 0;
  int64_t closing_annual = 0;
};

// Of one currency, `count` months.
std::vector<RevenueMonth> RevenueByMonth(const std::vector<MovementSum>& sums, absl::string_view currency, int count);

// The currencies in `sums`, sorted.
std::vector<std::string> CurrenciesIn(const std::vector<MovementSum>& sums);

}  // namespace masthead::memberships

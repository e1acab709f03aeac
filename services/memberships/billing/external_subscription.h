// A subscription that an engine of a payment provider's own bills, as the provider has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships {

struct ExternalSubscription {
  // `kEnded` is for good: the provider has no way back from it.
  enum class State { kIncomplete, kTrialing, kActive, kPastDue, kPaused, kEnded };

  std::string ref;  // The provider's name for it.
  State state = State::kEnded;
  Money money;  // Of a period and a seat.
  int32_t seats = 1;
  absl::Time period_start_time;
  absl::Time period_end_time;
  std::optional<absl::Time> trial_end_time;
  bool cancel_at_period_end = false;
  // By the database's clock, before the provider was asked. Each change makes the provider tell of it afterwards, and
  // us ask again: of two answers, the one to the later question is right.
  absl::Time ask_time;
};

}  // namespace masthead::memberships

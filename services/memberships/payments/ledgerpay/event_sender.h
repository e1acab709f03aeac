// Ledgerpay's own clock and voice: settles what settles later, lets checkouts run out, and posts its events, each until
// it was taken.
#pragma once

#include <optional>
#include <string>

#include "absl/random/random.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/clock/clock.h"
#include "services/memberships/payments/ledgerpay/ledgerpay.h"

namespace masthead::memberships::ledgerpay {

// What a provider's events may suffer on their way. For tests.
struct EventFaults {
  int copies = 1;         // How often each is sent.
  bool shuffled = false;  // In whatever order.
  absl::Duration delay;   // How much later.
  double dropped = 0;     // How many of them never, 0 to 1.
};

class EventSender {
 public:
  // `ledgerpay` and `clock` outlive this. `webhook_url` is where our own listener takes events.
  EventSender(Ledgerpay& ledgerpay, const Clock& clock, std::string webhook_url, EventFaults faults = {});

  // Does what is due; gives the time until it is worth looking again. Not for several threads at once.
  absl::Duration Work(const Scope& scope);

 private:
  // Whether it was taken.
  bool Post(const Scope& scope, const DueEvent& event);
  // When it is to be sent again; nullopt for never.
  std::optional<absl::Time> Send(const Scope& scope, const DueEvent& event, absl::Time now);

  Ledgerpay& ledgerpay_;
  const Clock& clock_;
  const std::string webhook_url_;
  const EventFaults faults_;
  absl::BitGen dice_;
};

}  // namespace masthead::memberships::ledgerpay

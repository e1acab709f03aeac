// A provider's event in our inbox.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::memberships {

struct InboxEvent {
  enum class State { kApplied, kDuplicate, kParked, kIgnored, kRejected };

  std::string id;
  std::string provider;
  std::string event_id;  // The provider's.
  std::string type;      // The provider's.
  std::vector<std::string> object_refs;
  std::string body;
  State state = State::kParked;
  std::string detail;
  int attempts = 0;
  std::optional<absl::Time> next_action_time;  // kParked alone.
  absl::Time receive_time;
  std::optional<absl::Time> apply_time;
};

absl::string_view Name(InboxEvent::State state);
std::optional<InboxEvent::State> ParseInboxState(absl::string_view name);

// `paymentProviders/{payment_provider}/events/{event}`.
std::string InboxEventName(absl::string_view provider, absl::string_view id);

// When an event that is about something that is not here is tried again, the `attempts`-th time before; nothing once it
// has been waited for long enough.
std::optional<absl::Time> NextAttempt(int attempts, absl::Time receive_time, absl::Time now);

}  // namespace masthead::memberships

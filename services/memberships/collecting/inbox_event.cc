#include "services/memberships/collecting/inbox_event.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace masthead::memberships {
namespace {

// By the number of the state.
constexpr absl::string_view kStates[] = {"APPLIED", "DUPLICATE", "PARKED", "IGNORED", "REJECTED"};

constexpr absl::Duration kFirstPause = absl::Minutes(1);
constexpr absl::Duration kLongestPause = absl::Hours(1);
// As long as Stripe itself goes on telling.
constexpr absl::Duration kPatience = absl::Hours(72);

}  // namespace

absl::string_view Name(InboxEvent::State state) { return kStates[static_cast<int>(state)]; }

std::optional<InboxEvent::State> ParseInboxState(absl::string_view name) {
  const auto* found = std::find(std::begin(kStates), std::end(kStates), name);
  if (found == std::end(kStates)) return std::nullopt;
  return static_cast<InboxEvent::State>(found - std::begin(kStates));
}

std::string InboxEventName(absl::string_view provider, absl::string_view id) {
  return absl::StrCat("paymentProviders/", provider, "/events/", id);
}

std::optional<absl::Time> NextAttempt(int attempts, absl::Time receive_time, absl::Time now) {
  if (now >= receive_time + kPatience) return std::nullopt;
  const absl::Duration pause = std::min(kLongestPause, kFirstPause * (1 << std::clamp(attempts - 1, 0, 10)));
  return std::min(now + pause, receive_time + kPatience);
}

}  // namespace masthead::memberships

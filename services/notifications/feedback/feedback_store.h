// Feedback in Postgres: finding the delivery, and changing it with its message's counters and what it says of its
// address. Locks: the delivery, then addresses, then counters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/feedback/feedback.h"

namespace masthead::notifications {

struct FeedbackTarget {
  int64_t message_number = 0;
  int64_t seq = 0;
  std::string message_id;  // Of the resource.
  int variant = 0;
  DeliveryStanding standing;
};

// Locks the delivery; nullopt if there is none.
std::optional<FeedbackTarget> LockTarget(db::Transaction& tx, int64_t message_number, int64_t seq);
std::optional<FeedbackTarget> LockTarget(db::Transaction& tx, absl::string_view message_id, int64_t seq);

// The seq of the delivery by e-mail of a message to a recipient.
std::optional<FeedbackTarget> LockTargetOf(db::Transaction& tx, absl::string_view message_id, int64_t recipient_number);

// Whether anything is another than it was. `target` stands as it was locked.
bool SaveEffect(db::Transaction& tx, const FeedbackTarget& target, const Feedback& feedback, const Effect& effect);

// Whether the provider's event is new. Events are kept for as long as providers may repeat them.
bool ClaimProviderEvent(db::Transaction& tx, const std::string& provider, const std::string& event_id,
                        const FeedbackTarget& target);
inline constexpr absl::Duration kProviderEventsKept = absl::Hours(30 * 24);

// Forgets those that are older; at most `limit`. Returns how many.
int64_t RemoveOldProviderEvents(db::Transaction& tx, int limit);

}  // namespace masthead::notifications

#include "services/notifications/sending/limits.h"

#include "common/db/now.h"
#include "services/notifications/messages/judge_store.h"

namespace masthead::notifications {

std::map<int64_t, Disposition> HoldBack(db::Transaction& tx, const Message& message, const std::vector<Due>& due) {
  std::map<int64_t, Disposition> held_back;
  std::vector<LimitedCandidate> candidates;
  for (const Due& delivery : due) {
    if (!delivery.limited || delivery.intended) continue;
    candidates.push_back({.seq = delivery.seq, .recipient_number = delivery.recipient_number});
  }
  if (candidates.empty()) return held_back;
  JudgeLimited(tx,
               {.number = message.number,
                .lane = message.lane,
                .category = message.category,
                .expire_time = message.expire_time},
               candidates);
  const absl::Time now = db::Now(tx);
  for (const LimitedCandidate& candidate : candidates) {
    if (candidate.reason == "QUIET_HOURS_EXPIRED") {
      held_back[candidate.seq] = {.state = "EXPIRED", .reason = candidate.reason};
    } else if (!candidate.reason.empty()) {
      held_back[candidate.seq] = {.state = "CANCELLED", .reason = candidate.reason};
    } else if (candidate.release && *candidate.release > now) {
      held_back[candidate.seq] = {.state = "DEFERRED",
                                  .reason = "QUIET_HOURS",
                                  .retry_in = *candidate.release - now,
                                  .counts_as_attempt = false};
    }
  }
  return held_back;
}

}  // namespace masthead::notifications

#include "services/notifications/sending/limits.h"

#include "common/db/now.h"
#include "services/notifications/messages/judge_store.h"
#include "services/notifications/routes/rates.h"

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

std::map<int64_t, Disposition> Pace(db::Transaction& tx, const Message& message, const std::vector<int64_t>& wanted) {
  std::map<int64_t, Disposition> waiting;
  if (message.rate_per_minute == 0 || wanted.empty()) return waiting;
  Route pace;
  pace.id = MessageName(message.id);
  pace.rate_per_minute = message.rate_per_minute;
  const std::vector<std::string> anywhere(wanted.size());
  const std::vector<absl::Duration> waits = Admit(tx, pace, anywhere, /*urgent=*/false);
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (waits[i] == absl::ZeroDuration()) continue;
    waiting[wanted[i]] = {.state = "DEFERRED",
                          .reason = "RATE",
                          .retry_in = absl::Ceil(waits[i], absl::Milliseconds(1)),
                          .counts_as_attempt = false};
  }
  return waiting;
}

}  // namespace masthead::notifications

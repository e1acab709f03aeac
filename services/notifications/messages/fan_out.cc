#include "services/notifications/messages/fan_out.h"

#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/message_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kSlicePatience = absl::Seconds(30);

}  // namespace

absl::StatusOr<bool> FanOut::Step(const Cancellation& stopping) {
  static prometheus::Counter& candidates =
      telemetry::Counter("masthead_fan_out_candidates_total", "Recipients turned into a delivery or an exclusion.");
  const Scope scope = {.deadline = absl::Now() + kSlicePatience, .cancellation = &stopping};
  ASSIGN_OR_RETURN(const std::optional<Slice> slice, database_.Write(scope, [&](db::Transaction& tx) {
    std::optional<Slice> done = FanOutSlice(tx, options_);
    if (done && !done->ended_message.empty()) {
      AnnounceMessageEnded(tx, feed_, *LoadMessage(tx, done->ended_message));
    }
    failpoint::Hit("notifications.fanout.slice");
    return done;
  }));
  if (!slice) return false;
  candidates.Increment(static_cast<double>(slice->candidates));
  progress_.Ring();
  return true;
}

}  // namespace masthead::notifications

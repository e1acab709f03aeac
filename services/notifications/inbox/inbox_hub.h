// How far the inboxes that somebody watches have come: one look at the database for all streams of the process.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/rpc/stream.h"

namespace masthead::notifications {

// Thread-safe.
class InboxHub {
 public:
  // One recipient's newest entry, as far as the hub knows; as long as anybody holds it.
  using Watch = std::shared_ptr<std::atomic<int64_t>>;

  // `database` outlives this.
  explicit InboxHub(db::Database& database) : database_(database) {}

  Watch Follow(int64_t recipient_number) ABSL_LOCKS_EXCLUDED(mutex_);

  // Looks at the inboxes that are followed; wakes the streams if one of them has come further. False: look again when
  // `changed` rings, or after a while, for what other replicas have written. Not more often than streams can use.
  absl::StatusOr<bool> Step(const Cancellation& stopping) ABSL_LOCKS_EXCLUDED(mutex_);

  rpc::Bell& changed() { return changed_; }  // Rung by whoever has written to an inbox.
  rpc::Bell& news() { return news_; }        // Wakes the streams.

 private:
  std::map<int64_t, Watch> Followed() ABSL_LOCKS_EXCLUDED(mutex_);

  db::Database& database_;
  rpc::Bell changed_;
  rpc::Bell news_;
  absl::Time last_look_ = absl::InfinitePast();
  Mutex mutex_;
  std::map<int64_t, std::weak_ptr<std::atomic<int64_t>>> watches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace masthead::notifications

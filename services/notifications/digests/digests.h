// Digests: turns what is due together into one message, for each of its recipients with stories of their own.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/stream.h"

namespace masthead::notifications {

// A slice of a fan-out that began before a digest was due may still put stories down for it.
inline constexpr absl::Duration kDigestGrace = absl::Seconds(40);

// The clock of digests. Any number of replicas.
class Digests {
 public:
  // `made` is rung when there is something to fan out.
  Digests(db::Database& database, events::Feed& feed, rpc::Bell& made)
      : database_(database), feed_(feed), made_(made) {}

  // Makes one digest; false if none was due.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  db::Database& database_;
  events::Feed& feed_;
  rpc::Bell& made_;
};

}  // namespace masthead::notifications

// From a message to its deliveries, one slice a step.
#pragma once

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/stream.h"
#include "services/notifications/messages/fan_out_store.h"

namespace masthead::notifications {

// Thread-safe; replicas and threads share the work by slices.
class FanOut {
 public:
  // `database`, `feed` and `progress`, rung after each slice, outlive this.
  FanOut(db::Database& database, events::Feed& feed, rpc::Bell& progress, FanOutOptions options = {})
      : database_(database), feed_(feed), progress_(progress), options_(options) {}

  // Does the next slice of the most urgent message; false if there is none, or others are at work on all of them.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  db::Database& database_;
  events::Feed& feed_;
  rpc::Bell& progress_;
  const FanOutOptions options_;
};

}  // namespace masthead::notifications

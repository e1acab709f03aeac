#include "services/articles/workers/cache_follower.h"

#include "common/base/status_macros.h"
#include "common/events/feed_service.h"
#include "common/telemetry/log.h"
#include "masthead/articles/v1/events.pb.h"

namespace masthead::articles {
namespace {

constexpr int kBatch = 500;

}  // namespace

absl::Status CacheFollower::FollowNext(const Scope& scope, bool& more) {
  if (!cursor_.has_value()) {
    // First the head, then open: what is kept from now on is no older than the head, and every later change will be
    // heard of.
    ASSIGN_OR_RETURN(cursor_, feed_.Head(scope));
    cache_.Open();
  }
  ASSIGN_OR_RETURN(const events::Batch batch, feed_.Read(scope, *cursor_, kBatch));
  for (const events::Record& record : batch.records) {
    v1::Event event;
    if (event.ParseFromString(record.payload)) Follow(event, cache_);
  }
  cursor_ = batch.cursor;
  more = static_cast<int>(batch.records.size()) == kBatch;
  return absl::OkStatus();
}

absl::Duration CacheFollower::Run(const Scope& scope) {
  bool more = false;
  const absl::Status status = FollowNext(scope, more);
  if (status.ok()) {
    last_contact_ = clock_.Now();
    return more ? absl::ZeroDuration() : events::kPollInterval;
  }
  // A cursor that is refused leads nowhere: begin anew, with an empty cache.
  const bool lost = absl::IsOutOfRange(status) || absl::IsInvalidArgument(status);
  if (lost || (cursor_.has_value() && clock_.Now() - last_contact_ > kMaxStaleness)) {
    telemetry::Warning("the cache of answers is closed", {{"error", status.ToString()}});
    cache_.Close();
    cursor_.reset();
  }
  return events::kPollInterval;
}

}  // namespace masthead::articles

// Announcing a change: an event in the transaction of what it tells about.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "common/telemetry/trace.h"

namespace masthead::events {

struct Announcement {
  std::string type;      // `article.published`
  std::string resource;  // Its name; `tx` has locked or inserted it, so that its events keep their order.
  int64_t revision = 0;
  absl::Time time;
};

// Fills in what the `Event` messages of all services have in common beside the payload, which the caller has set; gives
// what the feed stores of it.
template <typename Event>
Record Complete(const Announcement& announcement, Event& event) {
  event.set_event_id(ids::NewUuid());
  *event.mutable_event_time() = resource::ToTimestamp(announcement.time);
  event.set_type(announcement.type);
  event.set_resource(announcement.resource);
  event.set_revision(announcement.revision);
  const telemetry::TraceContext& trace = telemetry::CurrentTrace();
  if (!trace.trace_id.empty()) event.set_traceparent(trace.ToTraceparent());
  return {.event_id = event.event_id(),
          .type = announcement.type,
          .resource = announcement.resource,
          .revision = announcement.revision,
          .time = announcement.time,
          .traceparent = event.traceparent(),
          .payload = event.SerializeAsString(),
          .cursor = ""};
}

// Completes `event`, appends it to `feed`, and returns it as appended. For many at once: Complete each, then
// Feed::AppendAll.
template <typename Event>
Event Announce(db::Transaction& tx, Feed& feed, const Announcement& announcement, Event event) {
  const Record record = Complete(announcement, event);
  feed.Append(tx, record);
  return event;
}

}  // namespace masthead::events

#include "services/articles/announcing/announcer.h"

#include <utility>

#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "common/telemetry/trace.h"

namespace masthead::articles {

Announcer::Announcer(events::Feed& feed, std::function<void(const v1::Event&)> after_commit)
    : feed_(feed), after_commit_(std::move(after_commit)) {}

void Announcer::Announce(db::Transaction& tx, const std::string& type, const std::string& resource, int64_t revision,
                         absl::Time now, v1::Event event) {
  event.set_event_id(ids::NewUuid());
  *event.mutable_event_time() = resource::ToTimestamp(now);
  event.set_type(type);
  event.set_resource(resource);
  event.set_revision(revision);
  event.set_traceparent(telemetry::CurrentTrace().ToTraceparent());
  feed_.Append(tx, {.event_id = event.event_id(),
                    .type = type,
                    .resource = resource,
                    .revision = revision,
                    .traceparent = event.traceparent(),
                    .payload = event.SerializeAsString()});
  failpoint::Hit("articles.publish.appended");
  tx.AfterCommit([this, event = std::move(event)] { after_commit_(event); });
}

}  // namespace masthead::articles

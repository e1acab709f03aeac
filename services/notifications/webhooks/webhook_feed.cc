#include "services/notifications/webhooks/webhook_feed.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/telemetry/log.h"
#include "google/protobuf/util/json_util.h"
#include "masthead/notifications/v1/events.pb.h"
#include "services/notifications/webhooks/webhook_call.h"
#include "services/notifications/webhooks/webhook_log_store.h"

namespace masthead::notifications::webhooks {
namespace {

constexpr int kAtOnce = 200;
constexpr absl::Duration kPatience = absl::Seconds(20);

// `data` is the event in proto3's JSON, without its cursor: as the API would show it.
absl::StatusOr<WebhookEvent> ToWebhookEvent(const events::Record& record) {
  v1::Event event;
  if (!event.ParseFromString(record.payload)) return absl::DataLossError("an event of the feed cannot be read");
  std::string data;
  if (!google::protobuf::util::MessageToJsonString(event, &data).ok()) {
    return absl::DataLossError("an event of the feed cannot be written as JSON");
  }
  return WebhookEvent{.webhook_id = absl::StrCat("evt_", record.event_id),
                      .type = record.type,
                      .body = CallBody(record.type, record.time, data),
                      .event_time = record.time};
}

}  // namespace

absl::StatusOr<bool> WebhookFeed::Step(const Cancellation& stopping) {
  const Scope scope = {.deadline = absl::Now() + kPatience, .cancellation = &stopping};
  ASSIGN_OR_RETURN(std::string cursor, database_.Write(scope, [](db::Transaction& tx) { return LockFeedCursor(tx); }));
  absl::StatusOr<events::Batch> batch = feed_.Read(scope, cursor, kAtOnce);
  if (absl::IsOutOfRange(batch.status())) {
    // Trimmed, or restored from a dump: all that is left comes again, and what was given already is not given twice.
    const std::string oldest = ErrorMetadata(batch.status(), "oldest_cursor");
    telemetry::Warning("webhooks rewind in the feed of events", {{"error", std::string(batch.status().message())}});
    batch = feed_.Read(scope, oldest, kAtOnce);
  }
  RETURN_IF_ERROR(batch.status());
  if (batch->records.empty()) return false;
  std::vector<WebhookEvent> events;
  for (const events::Record& record : batch->records) {
    ASSIGN_OR_RETURN(WebhookEvent event, ToWebhookEvent(record));
    events.push_back(std::move(event));
  }
  RETURN_IF_ERROR(database_.Write(scope, [&](db::Transaction& tx) -> absl::Status {
    if (LockFeedCursor(tx) != cursor) return absl::OkStatus();  // Another replica was first.
    SpreadEvents(tx, events);
    SaveFeedCursor(tx, batch->cursor);
    return absl::OkStatus();
  }));
  due_.Ring();
  return true;
}

}  // namespace masthead::notifications::webhooks

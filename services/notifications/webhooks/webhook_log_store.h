// The events that webhook endpoints are told, and the log of calls, in Postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/webhooks/webhook.h"
#include "services/notifications/webhooks/webhook_store.h"

namespace masthead::notifications::webhooks {

// How far the feed was read; whoever holds `tx` has it alone.
std::string LockFeedCursor(db::Transaction& tx);
void SaveFeedCursor(db::Transaction& tx, const std::string& cursor);

// Gives each event to the endpoints that want its type and are not younger than it; once, however often it comes. For
// those that are disabled it is HELD.
void SpreadEvents(db::Transaction& tx, const std::vector<WebhookEvent>& events);

// For this endpoint, as a test.
void InsertTest(db::Transaction& tx, int64_t endpoint_number, const WebhookEvent& event);

// At most `limit` events that are due, those first that were due earlier, and counts the attempt. Tests only, unless
// the endpoint is `callable`.
std::vector<WebhookEvent> TakeDueEvents(db::Transaction& tx, const EndpointLease& lease, bool callable, int limit);

// Logs the attempts, and moves their events on.
void SaveAttempts(db::Transaction& tx, int64_t endpoint_number, const std::vector<AttemptRecord>& attempts);

// What waits for an endpoint that is not called any more.
void HoldEvents(db::Transaction& tx, int64_t endpoint_number);

// The newest first, before the attempt of that number if it is not 0; of one event if `webhook_id` is not empty.
std::vector<AttemptRecord> LoadAttempts(db::Transaction& tx, int64_t endpoint_number, int64_t before,
                                        absl::string_view webhook_id, int limit);

// How many a replay of this stretch of time would tell, counted up to `limit`.
int64_t CountReplay(db::Transaction& tx, int64_t endpoint_number, absl::Time start, absl::Time end, bool include_heard,
                    int64_t limit);
void ReplayEvents(db::Transaction& tx, int64_t endpoint_number, absl::Time start, absl::Time end, bool include_heard);

// Removes events older than `age`, with their attempts; at most `limit`. Returns how many.
int64_t RemoveOldWebhookEvents(db::Transaction& tx, absl::Duration age, int limit);

}  // namespace masthead::notifications::webhooks

#include "services/memberships/collecting/inbox_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertInboxEvent[] = R"sql(
  INSERT INTO provider_events (id, provider, event_id, type, object_refs, body, state, detail, attempts,
                               next_action_time, receive_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
  ON CONFLICT (provider, event_id) DO NOTHING
)sql";

constexpr char kLoadInboxEvent[] = R"sql(
  SELECT * FROM provider_events WHERE provider = $1 AND id = $2
)sql";

constexpr char kLockInboxEvent[] = R"sql(
  SELECT * FROM provider_events WHERE provider = $1 AND id = $2 FOR UPDATE
)sql";

constexpr char kLockEventOfProvider[] = R"sql(
  SELECT * FROM provider_events WHERE provider = $1 AND event_id = $2 FOR UPDATE
)sql";

constexpr char kHasEventOfProvider[] = R"sql(
  SELECT EXISTS (SELECT FROM provider_events WHERE provider = $1 AND event_id = $2)
)sql";

constexpr char kSaveInboxEvent[] = R"sql(
  UPDATE provider_events
  SET type = $2, object_refs = $3, state = $4, detail = $5, attempts = $6, next_action_time = $7, apply_time = $8
  WHERE id = $1
)sql";

constexpr char kLeaseParkedEvent[] = R"sql(
  UPDATE provider_events
  SET next_action_time = db_now() + $1::interval
  WHERE id = (
    SELECT id FROM provider_events
    WHERE next_action_time <= db_now()
    ORDER BY next_action_time
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
  RETURNING *
)sql";

constexpr char kFreeParkedEvents[] = R"sql(
  UPDATE provider_events
  SET next_action_time = db_now()
  WHERE id IN (
    SELECT id FROM provider_events
    WHERE next_action_time > db_now() AND provider = $1 AND object_refs && $2::text[]
    FOR UPDATE SKIP LOCKED)
)sql";

constexpr char kLoadInboxEvents[] = R"sql(
  SELECT id, provider, event_id, type, object_refs, '\x'::bytea AS body, state, detail, attempts, next_action_time,
         receive_time, apply_time
  FROM provider_events
  WHERE provider = $1 AND ($2 = '' OR state = $2) AND (receive_time, id) < ($3, $4)
  ORDER BY receive_time DESC, id DESC
  LIMIT $5
)sql";

InboxEvent ReadInboxEvent(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .provider = row["provider"].as<std::string>(),
          .event_id = row["event_id"].as<std::string>(),
          .type = row["type"].as<std::string>(),
          .object_refs = db::ReadTextArray(row["object_refs"]),
          .body = db::ReadBytes(row["body"]),
          .state = ParseInboxState(row["state"].c_str()).value(),
          .detail = row["detail"].as<std::string>(),
          .attempts = row["attempts"].as<int>(),
          .next_action_time = row["next_action_time"].as<std::optional<absl::Time>>(),
          .receive_time = row["receive_time"].as<absl::Time>(),
          .apply_time = row["apply_time"].as<std::optional<absl::Time>>()};
}

std::optional<InboxEvent> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return ReadInboxEvent(rows.front());
}

}  // namespace

bool InsertInboxEvent(db::Transaction& tx, const InboxEvent& event) {
  return tx.Query(kInsertInboxEvent, event.id, event.provider, event.event_id, event.type,
                  db::TextArray(event.object_refs), db::Bytes{event.body}, Name(event.state), event.detail,
                  event.attempts, event.next_action_time, event.receive_time)
             .affected_rows() == 1;
}

std::optional<InboxEvent> LoadInboxEvent(db::Transaction& tx, absl::string_view provider, absl::string_view id) {
  return FirstRow(tx.Query(kLoadInboxEvent, provider, id));
}

std::optional<InboxEvent> LockInboxEvent(db::Transaction& tx, absl::string_view provider, absl::string_view id) {
  return FirstRow(tx.Query(kLockInboxEvent, provider, id));
}

std::optional<InboxEvent> LockEventOfProvider(db::Transaction& tx, absl::string_view provider,
                                              absl::string_view event_id) {
  return FirstRow(tx.Query(kLockEventOfProvider, provider, event_id));
}

bool HasEventOfProvider(db::Transaction& tx, absl::string_view provider, absl::string_view event_id) {
  return tx.Query(kHasEventOfProvider, provider, event_id).front()[0].as<bool>();
}

void SaveInboxEvent(db::Transaction& tx, const InboxEvent& event) {
  tx.Query(kSaveInboxEvent, event.id, event.type, db::TextArray(event.object_refs), Name(event.state), event.detail,
           event.attempts, event.next_action_time, event.apply_time);
}

std::optional<InboxEvent> LeaseParkedEvent(db::Transaction& tx, absl::Duration lease) {
  return FirstRow(tx.Query(kLeaseParkedEvent, lease));
}

int FreeParkedEvents(db::Transaction& tx, absl::string_view provider, const std::vector<std::string>& object_refs) {
  return static_cast<int>(tx.Query(kFreeParkedEvents, provider, db::TextArray(object_refs)).affected_rows());
}

std::vector<InboxEvent> LoadInboxEvents(db::Transaction& tx, absl::string_view provider,
                                        std::optional<InboxEvent::State> state, absl::Time before_time,
                                        absl::string_view before_id, int limit) {
  std::vector<InboxEvent> events;
  const absl::string_view wanted = state ? Name(*state) : "";
  for (const pqxx::row& row : tx.Query(kLoadInboxEvents, provider, wanted, before_time, before_id, limit)) {
    events.push_back(ReadInboxEvent(row));
  }
  return events;
}

}  // namespace masthead::memberships

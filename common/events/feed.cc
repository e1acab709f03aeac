#include "common/events/feed.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "common/telemetry/metrics.h"

namespace masthead::events {
namespace {

// Of two changes to a resource the later one may have the lower transaction id: it had written something, or been
// handed the row once, before it came to the row for good. It is then filed under the id of the one before it. That id
// is below the horizon only when both are.
constexpr char kInsertEvent[] = R"sql(
  INSERT INTO event (xid, event_id, type, resource, revision, payload, traceparent)
  VALUES (
    greatest(pg_current_xact_id(), (SELECT xid FROM event WHERE resource = $3 ORDER BY revision DESC LIMIT 1)),
    $1, $2, $3, $4, $5, $6
  )
)sql";

constexpr char kInsertEvents[] = R"sql(
  INSERT INTO event (xid, event_id, type, resource, revision, payload, traceparent)
  SELECT
    greatest(pg_current_xact_id(),
             (SELECT e.xid FROM event e WHERE e.resource = n.resource ORDER BY e.revision DESC LIMIT 1)),
    n.event_id, n.type, n.resource, n.revision, n.payload, n.traceparent
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bytea[], $6::text[]) WITH ORDINALITY
    AS n (event_id, type, resource, revision, payload, traceparent, number)
  ORDER BY n.number
)sql";

// One row at least: the feed's state, seen in the same snapshot as the events. The timeline is the one being written
// (that of the last checkpoint lags a promotion by minutes). `held_seconds` is how long the first committed event
// waits below an older open transaction: the first by the index, for a smallest time would be looked for in all of
// them.
constexpr char kReadEvents[] = R"sql(
  WITH state AS MATERIALIZED (
    SELECT epoch, trimmed_xid, trimmed_seq,
           (SELECT system_identifier FROM pg_control_system()) AS system,
           ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint AS timeline,
           pg_snapshot_xmin(pg_current_snapshot()) AS horizon
    FROM feed_state
  )
  SELECT s.epoch::text, s.system, s.timeline, s.horizon::text, s.trimmed_xid::text, s.trimmed_seq,
         coalesce(extract(epoch FROM db_now() - (SELECT h.time
                                                 FROM event h
                                                 WHERE h.xid >= s.horizon
                                                 ORDER BY h.xid, h.seq
                                                 LIMIT 1)), 0)::float8 AS held_seconds,
         e.xid::text, e.seq, e.event_id, e.type, e.resource, e.revision, e.time, e.traceparent, e.payload
  FROM state s
  LEFT JOIN LATERAL (
    SELECT * FROM event
    WHERE (xid, seq) > ($1::xid8, $2::bigint) AND xid < s.horizon
    ORDER BY xid, seq
    LIMIT $3
  ) e ON true
  ORDER BY e.xid, e.seq
)sql";

enum Column {
  kEpoch,
  kSystem,
  kTimeline,
  kHorizon,
  kTrimmedXid,
  kTrimmedSeq,
  kHeldSeconds,
  kXid,
  kSeq,
  kEventId,
  kType,
  kResource,
  kRevision,
  kTime,
  kTraceparent,
  kPayload
};

// One replica trims at a time.
constexpr char kLockState[] = R"sql(
  SELECT true FROM feed_state FOR UPDATE SKIP LOCKED
)sql";

// Only a prefix in feed order goes, so that one position says what is gone.
constexpr char kTrim[] = R"sql(
  WITH head AS (
    SELECT xid, seq, bool_and(time < db_now() - $1::interval) OVER (ORDER BY xid, seq) AS old
    FROM (
      SELECT xid, seq, time FROM event
      WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
      ORDER BY xid, seq
      LIMIT 1000
    ) oldest
  ), gone AS (
    DELETE FROM event USING head
    WHERE head.old AND event.xid = head.xid AND event.seq = head.seq
    RETURNING event.xid, event.seq
  )
  UPDATE feed_state SET trimmed_xid = last.xid, trimmed_seq = last.seq
  FROM (SELECT xid, seq FROM gone ORDER BY xid DESC, seq DESC LIMIT 1) last
  RETURNING (SELECT count(*) FROM gone)
)sql";

uint64_t ReadXid(const pqxx::field& field) {
  uint64_t xid = 0;
  return absl::SimpleAtoi(field.c_str(), &xid) ? xid : std::numeric_limits<uint64_t>::max();
}

struct State {
  Lineage lineage;
  Position horizon;  // Before every event of a transaction that may still be open.
  Position trimmed;
};

State ReadState(const pqxx::row& row) {
  return {.lineage = {.epoch = row[kEpoch].as<std::string>(),
                      .system = static_cast<uint64_t>(row[kSystem].as<int64_t>()),
                      .timeline = static_cast<uint32_t>(row[kTimeline].as<int64_t>())},
          .horizon = {.xid = ReadXid(row[kHorizon])},
          .trimmed = {.xid = ReadXid(row[kTrimmedXid]), .seq = row[kTrimmedSeq].as<int64_t>()}};
}

absl::Status OutOfRange(const std::string& reason, absl::string_view message,
                        std::map<std::string, std::string> metadata = {}) {
  return MakeError(absl::StatusCode::kOutOfRange, message,
                   {.domain = kCommonErrorDomain, .reason = reason, .metadata = std::move(metadata)});
}

// Whether events follow `cursor` without a gap.
absl::Status CheckCursor(const Cursor& cursor, const State& state, const std::string& oldest_cursor) {
  if (cursor.lineage.epoch != state.lineage.epoch) {
    return OutOfRange("EPOCH_CHANGED",
                      "the feed was restored from a backup: rewind, and drop by event ID what was applied");
  }
  if (cursor.lineage != state.lineage) {
    return OutOfRange("TIMELINE_CHANGED", "the database failed over: rewind, and drop by event ID what was applied");
  }
  if (cursor.position < state.trimmed) {
    return OutOfRange("CURSOR_EXPIRED",
                      "the events after this cursor are no longer kept: rebuild, or go on from oldest_cursor",
                      {{"oldest_cursor", oldest_cursor}});
  }
  return absl::OkStatus();
}

Record ReadRecord(const pqxx::row& row) {
  return {.event_id = row[kEventId].as<std::string>(),
          .type = row[kType].as<std::string>(),
          .resource = row[kResource].as<std::string>(),
          .revision = row[kRevision].as<int64_t>(),
          .time = row[kTime].as<absl::Time>(),
          .traceparent = row[kTraceparent].as<std::string>(),
          .payload = db::ReadBytes(row[kPayload]),
          .cursor = {}};
}

}  // namespace

Feed::Feed(db::Database& database, const crypto::MacKey& key)
    : database_(database), codec_(key.Derive("events.cursor")) {}

void Feed::Append(db::Transaction& tx, const Record& record) {
  failpoint::Around("events.append", [&] {
    tx.Query(kInsertEvent, record.event_id, record.type, record.resource, record.revision, db::Bytes{record.payload},
             record.traceparent);
  });
  TellAfterCommit(tx, {record.resource});
}

void Feed::AppendAll(db::Transaction& tx, const std::vector<Record>& records) {
  if (records.empty()) return;
  std::vector<std::string> event_ids, types, resources, payloads, traceparents;
  std::vector<int64_t> revisions;
  for (const Record& record : records) {
    event_ids.push_back(record.event_id);
    types.push_back(record.type);
    resources.push_back(record.resource);
    revisions.push_back(record.revision);
    payloads.push_back(record.payload);
    traceparents.push_back(record.traceparent);
  }
  failpoint::Around("events.append", [&] {
    tx.Query(kInsertEvents, db::TextArray(event_ids), db::TextArray(types), db::TextArray(resources),
             db::Int64Array(revisions), db::BytesArray(payloads), db::TextArray(traceparents));
  });
  TellAfterCommit(tx, std::move(resources));
}

void Feed::TellAfterCommit(db::Transaction& tx, std::vector<std::string> resources) {
  tx.AfterCommit([this, resources = std::move(resources)] {
    if (observer_) observer_(resources);
    bell_.Ring();
  });
}

absl::StatusOr<Batch> Feed::Read(const Scope& scope, const std::string& cursor, int limit) {
  static prometheus::Gauge& held = telemetry::Gauge(
      "masthead_feed_held_seconds", "How long the first committed event has waited for an older open transaction.");
  Cursor from;
  if (!cursor.empty()) {
    ASSIGN_OR_RETURN(from, codec_.Read(cursor));
  }
  return database_.Read(scope, [&](db::Transaction& tx) -> absl::StatusOr<Batch> {
    const pqxx::result rows = tx.Query(kReadEvents, absl::StrCat(from.position.xid), from.position.seq, limit);
    const State state = ReadState(rows.front());
    held.Set(rows.front()[kHeldSeconds].as<double>());
    if (cursor.empty()) from.lineage = state.lineage;
    RETURN_IF_ERROR(CheckCursor(from, state, codec_.Make({state.lineage, state.trimmed})));

    Batch batch;
    for (const pqxx::row& row : rows) {
      if (row[kXid].is_null()) break;
      Record record = ReadRecord(row);
      record.cursor = codec_.Make({state.lineage, {.xid = ReadXid(row[kXid]), .seq = row[kSeq].as<int64_t>()}});
      batch.records.push_back(std::move(record));
    }
    const bool full = batch.records.size() == static_cast<size_t>(limit);
    batch.cursor =
        full ? batch.records.back().cursor : codec_.Make({state.lineage, std::max(from.position, state.horizon)});
    return batch;
  });
}

absl::StatusOr<std::string> Feed::Head(const Scope& scope) {
  return database_.Read(scope, [&](db::Transaction& tx) -> absl::StatusOr<std::string> {
    const State state = ReadState(tx.Query(kReadEvents, "0", 0, 0).front());
    return codec_.Make({state.lineage, state.horizon});
  });
}

absl::Status TrimFeed(db::Database& database, const Scope& scope, absl::Duration age) {
  int64_t removed = 0;
  do {
    ASSIGN_OR_RETURN(removed, database.Write(scope, [&](db::Transaction& tx) -> int64_t {
      if (tx.Query(kLockState).empty()) return 0;
      const pqxx::result rows = tx.Query(kTrim, age);
      return rows.empty() ? 0 : rows.front()[0].as<int64_t>();
    }));
  } while (removed > 0);
  return absl::OkStatus();
}

}  // namespace masthead::events

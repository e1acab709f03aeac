// A service's event feed: one append-only table, read in commit order.
//
// Rows carry the id of their transaction (xid8) and a sequence number. A reader takes only rows of transactions that
// every snapshot sees as finished, ordered by (xid, seq): nothing that commits late is skipped, and each resource's
// events come in the order of its revisions, as long as their transactions hold the resource's row.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/cursor.h"
#include "common/rpc/stream.h"

namespace masthead::events {

// What a feed stores of an event. `payload` is the service's own `Event` message without its cursor.
struct Record {
  std::string event_id;
  std::string type;  // `article.published`
  std::string resource;
  int64_t revision = 0;
  absl::Time time;
  std::string traceparent;
  std::string payload;
  std::string cursor;  // Resumes after this event.
};

struct Batch {
  std::vector<Record> records;
  // Resumes after everything this batch covers, records or not.
  std::string cursor;
};

// Thread-safe.
class Feed {
 public:
  Feed(db::Database& database, const crypto::MacKey& key);

  // Appends an event in the transaction of the change it tells about, and rings `bell` after the commit. `payload` is
  // the serialised Event; its event_id is the record's. (resource, revision, type) is unique: a second one is a bug of
  // the caller. `time` and `cursor` are the feed's to give.
  void Append(db::Transaction& tx, const Record& record);
  // Appends them in this order, in one statement.
  void AppendAll(db::Transaction& tx, const std::vector<Record>& records);

  // At most `limit` events after `cursor`; an empty cursor is the feed's beginning. INVALID_ARGUMENT (CURSOR_INVALID)
  // for a cursor that is not this feed's; OUT_OF_RANGE (CURSOR_EXPIRED, EPOCH_CHANGED, TIMELINE_CHANGED).
  // CURSOR_EXPIRED, also told to an empty cursor once events were trimmed, has metadata `oldest_cursor`: from there
  // every event still kept follows.
  absl::StatusOr<Batch> Read(const Scope& scope, const std::string& cursor, int limit);

  // A cursor that every event committed from now on is after. Some that were committed shortly before may be, too.
  absl::StatusOr<std::string> Head(const Scope& scope);

  // Rings after commits of this process.
  rpc::Bell& bell() { return bell_; }

  // Tells `observer` of what resources this process has just committed events, before their writer is answered: for
  // what it keeps of them in memory. On the writer's thread; not after a commit whose answer was lost. Set before
  // anything is appended.
  using Observer = std::function<void(const std::vector<std::string>& resources)>;
  void Observe(Observer observer) { observer_ = std::move(observer); }

 private:
  void TellAfterCommit(db::Transaction& tx, std::vector<std::string> resources);

  db::Database& database_;
  const CursorCodec codec_;
  rpc::Bell bell_;
  Observer observer_;
};

// Removes events of the feed in `database` older than `age`, a thousand a transaction. Replicas take turns.
absl::Status TrimFeed(db::Database& database, const Scope& scope, absl::Duration age);

}  // namespace masthead::events

// The tables of a consumer: its cursor row, inbox, tries and parked events. Knows SQL and nothing of streams.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::events {

// How long a replica that fell silent keeps the others waiting. A heartbeat comes every second (feed_service.h).
inline constexpr absl::Duration kConsumerLease = absl::Seconds(3);

// The rows of one source, as one replica (`owner`) sees them.
class ConsumerStore {
 public:
  ConsumerStore(std::string source, std::string owner) : source_(std::move(source)), owner_(std::move(owner)) {}

  // Takes the lease and gives the cursor to follow from. ABORTED while another replica has it.
  absl::StatusOr<std::string> TakeLease(db::Transaction& tx);

  // Lets another replica take over at once.
  void DropLease(db::Transaction& tx);

  // Locks the cursor row and gives its cursor.
  std::string LockCursor(db::Transaction& tx);

  // Also renews the lease.
  void SaveCursor(db::Transaction& tx, const std::string& cursor);

  // Those of `event_ids` that were applied before.
  std::set<std::string> LoadApplied(db::Transaction& tx, const std::vector<std::string>& event_ids);
  void InsertInbox(db::Transaction& tx, const std::vector<std::string>& event_ids);
  void TrimInbox(db::Transaction& tx, absl::Duration age);

  // Counts another try at an event; gives the number of it.
  int CountAttempt(db::Transaction& tx, const std::string& event_id);
  void SaveError(db::Transaction& tx, const std::string& event_id, const std::string& error);
  void RemoveAttempts(db::Transaction& tx, const std::string& event_id);

  // What is parked, of all resources.
  struct Parked {
    std::set<std::string> event_ids;
    std::set<std::string> resources;
  };
  Parked LoadParked(db::Transaction& tx);
  void Park(db::Transaction& tx, const Record& event, int attempts, const std::string& error);
  // In the order they came.
  std::vector<Record> LoadParkedEvents(db::Transaction& tx);
  // False if it was not parked any more.
  bool RemoveParked(db::Transaction& tx, const std::string& event_id);

 private:
  const std::string source_;
  const std::string owner_;
};

}  // namespace masthead::events

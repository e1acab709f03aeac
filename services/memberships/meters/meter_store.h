// Meters in Postgres: a row for each reader and policy, which is also the lock that makes counting exact.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/meters/meter.h"
#include "services/memberships/meters/meter_policy.h"

namespace masthead::memberships {

// The policy that decides about a reader, and the reader's meter by it; an empty one if nothing was counted yet.
struct DecidingPolicy {
  MeterPolicy policy;
  Meter meter;
  absl::Time now;
};

// nullopt if no policy says anything about readers of that kind of articles of that level.
std::optional<DecidingPolicy> FindDecidingPolicy(db::Transaction& tx, const std::string& reader_key, AccessLevel level,
                                                 ReaderKind kind);

// The reader's meter, which nobody else changes until `tx` ends; made empty if there is none.
struct LockedMeter {
  Meter meter;
  absl::Time now;  // After the lock was given.
};
LockedMeter LockMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key);

// Stores a meter that `tx` has locked.
void SaveMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key, const Meter& meter);

// Stores `after` if the meter still is as it was read: as good as a lock, for one statement. False if it is not there
// or somebody else has counted since.
bool ReplaceMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key, const Meter& before,
                  const Meter& after);

// By policy.
std::map<std::string, Meter> LoadMeters(db::Transaction& tx, const std::string& reader_key);

// Removes meters whose window has ended, at most 10,000, and gives their number.
int64_t RemoveEndedMeters(db::Transaction& tx);

}  // namespace masthead::memberships

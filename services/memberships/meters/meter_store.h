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
#include "services/memberships/meters/meter_window.h"

namespace masthead::memberships {

// A reader's meter by a policy, and what the database's clock shows.
struct MeterNow {
  Meter meter;
  absl::Time now;
};

// Empty if nothing was counted yet.
MeterNow LoadMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key);

// A view that a reader's meter in `window`, which is the current one, is to count.
struct NewView {
  std::string policy_id;
  std::string reader_key;
  MeterWindow window;
  int64_t article = 0;
  int32_t max_views = 0;
};

// For each, in their order, the meter with the article: where it is in that window, has room below `max_views` and has
// not counted the article, as good as under a lock, in one statement. nullopt where nothing was written; of several of
// one meter that is so for all but one.
std::vector<std::optional<Meter>> CountViews(db::Transaction& tx, const std::vector<NewView>& views);

// As LoadMeter, and nobody else changes the meter until `tx` ends; made empty if there is none.
MeterNow LockMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key);

// Stores a meter that `tx` has locked.
void SaveMeter(db::Transaction& tx, absl::string_view policy_id, const std::string& reader_key, const Meter& meter);

// By policy.
std::map<std::string, Meter> LoadMeters(db::Transaction& tx, const std::string& reader_key);

// Removes meters whose window has ended, at most 10,000, and gives their number.
int64_t RemoveEndedMeters(db::Transaction& tx);

}  // namespace masthead::memberships

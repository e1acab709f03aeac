#include "services/memberships/meters/metering.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/memberships/meters/meter_store.h"

namespace masthead::memberships {
namespace {

absl::StatusOr<MeterWindow> CurrentWindow(const MeterPolicy& policy, absl::Time now) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(policy.time_zone, &zone)) {
    return absl::InternalError(absl::StrCat("there is no time zone ", policy.time_zone));
  }
  return WindowAt(policy.window, zone, now);
}

// The meter's answer to the reading, as if nobody else counted.
absl::StatusOr<Viewing> ViewNow(const MeterPolicy& policy, const MeteredReading& reading, const MeterNow& standing) {
  ASSIGN_OR_RETURN(const MeterWindow window, CurrentWindow(policy, standing.now));
  return View(standing.meter, window, reading.article_key, *MaxViews(policy, reading.kind));
}

MeterAnswer Answer(const MeterPolicy& policy, const MeteredReading& reading, bool allowed, Meter meter) {
  return {.policy_id = policy.id,
          .max_views = *MaxViews(policy, reading.kind),
          .allowed = allowed,
          .meter = std::move(meter)};
}

}  // namespace

absl::StatusOr<MeterAnswer> AskMeter(db::Transaction& tx, const MeterPolicy& policy, const MeteredReading& reading) {
  const MeterNow standing = LoadMeter(tx, policy.id, reading.reader_key);
  ASSIGN_OR_RETURN(Viewing viewing, ViewNow(policy, reading, standing));
  if (viewing.counts) viewing.meter = Merge(standing.meter, {.window = viewing.meter.window, .articles = {}});
  return Answer(policy, reading, viewing.allowed, std::move(viewing.meter));
}

absl::StatusOr<MeterAnswer> CountReading(db::Database& database, ViewCounter& counter, const Scope& scope,
                                         const MeterPolicy& policy, const MeteredReading& reading,
                                         absl::Time about_now) {
  ASSIGN_OR_RETURN(const MeterWindow window, CurrentWindow(policy, about_now));
  ASSIGN_OR_RETURN(std::optional<Meter> counted, counter.Count(scope, {.policy_id = policy.id,
                                                                       .reader_key = reading.reader_key,
                                                                       .window = window,
                                                                       .article = reading.article_key,
                                                                       .max_views = *MaxViews(policy, reading.kind)}));
  if (counted) return Answer(policy, reading, /*allowed=*/true, *std::move(counted));
  // Most others were counted before or have no view left. A meter that no longer opens an article does not open it
  // again within the window, nor the other way round, so neither needs a lock.
  ASSIGN_OR_RETURN(const MeterNow standing, database.Single(scope, [&](db::Transaction& tx) {
    return LoadMeter(tx, policy.id, reading.reader_key);
  }));
  ASSIGN_OR_RETURN(Viewing viewing, ViewNow(policy, reading, standing));
  if (!viewing.counts) return Answer(policy, reading, viewing.allowed, std::move(viewing.meter));
  return database.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<MeterAnswer> {
    const MeterNow locked = LockMeter(tx, policy.id, reading.reader_key);
    ASSIGN_OR_RETURN(Viewing now, ViewNow(policy, reading, locked));
    if (now.counts) SaveMeter(tx, policy.id, reading.reader_key, now.meter);
    return Answer(policy, reading, now.allowed, std::move(now.meter));
  });
}

void MergeMeters(db::Transaction& tx, const std::string& from, const std::string& to) {
  for (const auto& [policy_id, meter] : LoadMeters(tx, from)) {
    const Meter before = LockMeter(tx, policy_id, to).meter;
    const Meter merged = Merge(before, meter);
    if (merged != before) SaveMeter(tx, policy_id, to, merged);
  }
}

}  // namespace masthead::memberships

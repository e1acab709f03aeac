#include "services/memberships/meters/metering.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace masthead::memberships {
namespace {

absl::StatusOr<MeterWindow> CurrentWindow(const MeterPolicy& policy, absl::Time now) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(policy.time_zone, &zone)) {
    return absl::InternalError(absl::StrCat("there is no time zone ", policy.time_zone));
  }
  return WindowAt(policy.window, zone, now);
}

}  // namespace

absl::StatusOr<std::optional<Forecast>> Foresee(db::Transaction& tx, const MeteredReading& reading) {
  std::optional<DecidingPolicy> deciding = FindDecidingPolicy(tx, reading.reader_key, reading.level, reading.kind);
  if (!deciding.has_value()) return std::nullopt;
  const int32_t max_views = *MaxViews(deciding->policy, reading.kind);
  if (max_views == 0) return std::nullopt;
  ASSIGN_OR_RETURN(const MeterWindow window, CurrentWindow(deciding->policy, deciding->now));
  Viewing viewing = View(deciding->meter, window, reading.article_key, max_views);
  return Forecast{*std::move(deciding), max_views, std::move(viewing)};
}

MeterAnswer WithoutCounting(const Forecast& forecast) {
  MeterAnswer answer = {.policy_id = forecast.deciding.policy.id,
                        .max_views = forecast.max_views,
                        .allowed = forecast.viewing.allowed,
                        .meter = forecast.viewing.meter};
  if (forecast.viewing.counts) {
    answer.meter = Merge(forecast.deciding.meter, {.window = answer.meter.window, .articles = {}});
  }
  return answer;
}

absl::StatusOr<MeterAnswer> Count(db::Database& database, const Scope& scope, const MeteredReading& reading,
                                  const Forecast& forecast) {
  if (!forecast.viewing.counts) return WithoutCounting(forecast);
  const MeterPolicy& policy = forecast.deciding.policy;
  ASSIGN_OR_RETURN(const bool replaced, database.Single(scope, [&](db::Transaction& tx) {
    return ReplaceMeter(tx, policy.id, reading.reader_key, forecast.deciding.meter, forecast.viewing.meter);
  }));
  if (replaced) return MeterAnswer{policy.id, forecast.max_views, true, forecast.viewing.meter};
  return database.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<MeterAnswer> {
    const LockedMeter locked = LockMeter(tx, policy.id, reading.reader_key);
    ASSIGN_OR_RETURN(const MeterWindow window, CurrentWindow(policy, locked.now));
    Viewing viewing = View(locked.meter, window, reading.article_key, forecast.max_views);
    if (viewing.counts) SaveMeter(tx, policy.id, reading.reader_key, viewing.meter);
    return MeterAnswer{policy.id, forecast.max_views, viewing.allowed, std::move(viewing.meter)};
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

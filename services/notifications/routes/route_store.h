// Routes in Postgres, and the buckets of their rates.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/routes/route.h"
#include "services/notifications/routes/token_bucket.h"

namespace masthead::notifications {

// With the parts of `defaults` that a route does not have of its own: names, authorities, timeouts. None for the
// default route's ID.
std::optional<Route> LoadRoute(db::Transaction& tx, absl::string_view id, const Route& defaults);

// The same, and nobody else changes it until `tx` ends.
std::optional<Route> LockRoute(db::Transaction& tx, absl::string_view id, const Route& defaults);

// By ID, those after `after`.
std::vector<Route> LoadRoutes(db::Transaction& tx, absl::string_view after, int limit, const Route& defaults);

// Sets revision and times. False if the ID is taken.
bool InsertRoute(db::Transaction& tx, Route& route);
void SaveRoute(db::Transaction& tx, Route& route);
void RemoveRoute(db::Transaction& tx, absl::string_view id);

// A bucket with what goes with it.
struct RouteBucket {
  TokenBucket tokens;
  int64_t sent_today = 0;
  absl::Time resume_time = absl::InfinitePast();
};

// The buckets of `domains` (empty: the route's own), locked until `tx` ends, made where there are none.
std::map<std::string, RouteBucket> LockBuckets(db::Transaction& tx, absl::string_view route,
                                               const std::vector<std::string>& domains);

// Locked before.
void SaveBuckets(db::Transaction& tx, absl::string_view route, const std::map<std::string, RouteBucket>& buckets);

// The server sent us away over `domain`: nothing goes there for a minute, then two, at most half an hour.
void BackOff(db::Transaction& tx, absl::string_view route, absl::string_view domain);

// It takes letters again.
void EndBackOff(db::Transaction& tx, absl::string_view route, const std::vector<std::string>& domains);

}  // namespace masthead::notifications

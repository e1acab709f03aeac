// What has to be cleared away now and then.
#pragma once

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"

namespace masthead::articles {

// Forgets expired answers to repeated requests and events past their 30 days; gives the time until it is worth doing
// again.
absl::Duration Maintain(db::Database& database, events::Feed& feed, const Scope& scope);

}  // namespace masthead::articles

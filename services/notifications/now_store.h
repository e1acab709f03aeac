// The one clock of the schema.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::notifications {

// db_now(): the time of the transaction.
absl::Time LoadNow(db::Transaction& tx);

}  // namespace masthead::notifications

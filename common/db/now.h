// The one clock of a schema, inside a transaction: what starts, ends or is due is held against it.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::db {

absl::Time Now(Transaction& tx);

}  // namespace masthead::db

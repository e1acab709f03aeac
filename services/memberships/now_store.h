// The one clock of the schema, inside a transaction: what starts, ends or is due is held against it.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

absl::Time LoadNow(db::Transaction& tx);

}  // namespace masthead::memberships

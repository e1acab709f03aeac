// One moment for a whole read.
#pragma once

#include "common/db/database.h"

namespace masthead::db {

// All that the transaction asks from now on is answered as of one moment, however many statements it takes (REPEATABLE
// READ). Before anything else is asked; for transactions of Database::Read, which nothing can make fail for it.
void HoldSnapshot(Transaction& tx);

}  // namespace masthead::db

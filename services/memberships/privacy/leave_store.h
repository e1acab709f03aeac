// Which members payment providers are still to forget, in Postgres. The row is the job.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// Providers are to forget the member, and each name that was merged into it.
void QueueLeave(db::Transaction& tx, absl::string_view member_id, absl::Time now);

// One member who is due, and due again later unless EndLeave is called; empty if there is none.
std::string LeaseLeave(db::Transaction& tx);

void EndLeave(db::Transaction& tx, absl::string_view member_id);

}  // namespace masthead::memberships

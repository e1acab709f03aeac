// Plans that are due. The rows of articles are the jobs; db_now() is the clock.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// At most `limit` articles whose plan to publish is due, the longest due first but for the first `skip`, locked; those
// that another transaction has locked are left out, and those that lawyers hold. With the content of their planned
// revision.
std::vector<Article> LockDuePublications(db::Transaction& tx, int limit, int skip);

// The same of published articles that are due to be withdrawn, held or not. With the content of their latest revision.
std::vector<Article> LockDueWithdrawals(db::Transaction& tx, int limit, int skip);

// How long until the next plan is due; negative if one is, nullopt if there is none. What lawyers hold does not count.
std::optional<absl::Duration> UntilNextDue(db::Transaction& tx);

// How many publications are overdue because lawyers hold them.
int64_t CountHeldPublications(db::Transaction& tx);

}  // namespace masthead::articles

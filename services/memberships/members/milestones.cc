#include "services/memberships/members/milestones.h"

#include "common/db/now.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/member_counter.h"
#include "services/memberships/members/member_counter_store.h"

namespace masthead::memberships {

absl::Status AnnounceMilestones(db::Database& database, events::Feed& feed, const Scope& scope) {
  return database.Write(scope, [&](db::Transaction& tx) -> absl::Status {
    const int64_t members = LoadMemberCount(tx);
    const absl::Time now = db::Now(tx);
    for (int64_t milestone : Milestones()) {
      if (milestone > members) break;
      if (InsertMilestone(tx, milestone, now)) AnnounceMilestone(tx, feed, milestone);
    }
    return absl::OkStatus();
  });
}

}  // namespace masthead::memberships

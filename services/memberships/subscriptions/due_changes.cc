#include "services/memberships/subscriptions/due_changes.h"

#include <string>
#include <vector>

#include "common/db/now.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/members/announcements.h"

namespace masthead::memberships {
namespace {

constexpr int kMembersAtATime = 100;

// Tells what the member has now, if that differs from just before the first change that is due.
void AnnounceChange(db::Transaction& tx, events::Feed& feed, const DueMember& member, absl::Time now) {
  const absl::Time before_it_changed = member.due_time - absl::Microseconds(1);
  const std::vector<Grant> grants = LoadGrantsOpenSince(tx, member.id, before_it_changed);
  const std::vector<std::string> tiers = TiersAt(grants, now);
  if (tiers != TiersAt(grants, before_it_changed)) AnnounceEntitlements(tx, feed, member.id, tiers);
}

}  // namespace

absl::StatusOr<int> AnnounceDueChanges(db::Database& database, events::Feed& feed, const Scope& scope) {
  return database.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<int> {
    const absl::Time now = db::Now(tx);
    const std::vector<DueMember> due = LockDueMembers(tx, kMembersAtATime);
    for (const DueMember& member : due) {
      // Another worker may have done it between our choice of members, which reads grants without a lock, and our lock.
      if (!AdvanceDueGrants(tx, member.id)) continue;
      if (member.active) AnnounceChange(tx, feed, member, now);
    }
    return static_cast<int>(due.size());
  });
}

}  // namespace masthead::memberships

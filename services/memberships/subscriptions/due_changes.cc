#include "services/memberships/subscriptions/due_changes.h"

#include <string>
#include <vector>

#include "common/db/now.h"
#include "services/memberships/subscriptions/grant_store.h"

namespace masthead::memberships {
namespace {

constexpr int kMembersAtATime = 100;

// Tells what the member has now, if that differs from just before the first change that is due.
void Announce(db::Transaction& tx, Announcer& announcer, const DueMember& member, absl::Time now) {
  const absl::Time before_it_changed = member.due_time - absl::Microseconds(1);
  const std::vector<Grant> grants = LoadGrantsOpenSince(tx, member.id, before_it_changed);
  const std::vector<std::string> tiers = TiersAt(grants, now);
  if (tiers != TiersAt(grants, before_it_changed)) announcer.EntitlementsChanged(tx, member.id, tiers);
}

}  // namespace

absl::StatusOr<int> AnnounceDueChanges(db::Database& database, Announcer& announcer, const Scope& scope) {
  return database.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<int> {
    const absl::Time now = db::Now(tx);
    const std::vector<DueMember> due = LockDueMembers(tx, kMembersAtATime);
    for (const DueMember& member : due) {
      if (member.active) Announce(tx, announcer, member, now);
      AdvanceDueGrants(tx, member.id);
    }
    return static_cast<int>(due.size());
  });
}

}  // namespace masthead::memberships

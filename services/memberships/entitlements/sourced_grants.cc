#include "services/memberships/entitlements/sourced_grants.h"

#include <vector>

#include "services/memberships/grants/grant.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/grants/sourced_grant_store.h"
#include "services/memberships/members/announcements.h"

namespace masthead::memberships {
namespace {

void AnnounceDifference(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                        const std::vector<std::string>& before, absl::Time now) {
  const std::vector<std::string> after = TiersAt(LoadOpenGrants(tx, member_id), now);
  if (after != before) AnnounceEntitlements(tx, feed, member_id, after);
}

}  // namespace

void SetSourcedGrant(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const GrantSource& source,
                     absl::string_view tier_id, std::optional<absl::Time> end_time, absl::Time now) {
  if (end_time && *end_time <= now) return EndSourcedGrant(tx, feed, member_id, source, now);
  const std::vector<std::string> before = TiersAt(LoadOpenGrants(tx, member_id), now);
  if (!MoveSourcedGrant(tx, member_id, source, tier_id, end_time)) {
    RevokeSourcedGrant(tx, member_id, source, now);
    InsertSourcedGrant(tx, member_id, source, tier_id, now, end_time);
  }
  AnnounceDifference(tx, feed, member_id, before, now);
}

void EndSourcedGrant(db::Transaction& tx, events::Feed& feed, absl::string_view member_id, const GrantSource& source,
                     absl::Time now) {
  const std::vector<std::string> before = TiersAt(LoadOpenGrants(tx, member_id), now);
  RevokeSourcedGrant(tx, member_id, source, now);
  AnnounceDifference(tx, feed, member_id, before, now);
}

}  // namespace masthead::memberships

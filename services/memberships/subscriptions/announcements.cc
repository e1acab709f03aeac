#include "services/memberships/subscriptions/announcements.h"

#include <utility>

#include "masthead/memberships/v1/events.pb.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/member.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {

void AnnounceEntitlements(db::Transaction& tx, events::Feed& feed, absl::string_view member_id,
                          const std::vector<std::string>& tier_ids) {
  v1::Event event;
  event.mutable_entitlements_changed()->set_member(MemberName(member_id));
  for (const std::string& tier_id : tier_ids) event.mutable_entitlements_changed()->add_tiers(TierName(tier_id));
  AnnounceAboutMember(tx, feed, member_id, "entitlements.changed", std::move(event));
}

}  // namespace masthead::memberships

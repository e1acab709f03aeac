#include "services/memberships/subscriptions/subscription_announcements.h"

#include <optional>
#include <string>
#include <utility>

#include "common/events/announcement.h"
#include "common/resource/timestamp.h"
#include "masthead/memberships/v1/events.pb.h"
#include "services/memberships/members/member.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {

void AnnounceSubscription(db::Transaction& tx, events::Feed& feed, const char* type, Subscription& subscription,
                          absl::string_view reason, absl::Time now) {
  const std::string name = SubscriptionName(subscription.member_id, subscription.id);
  v1::Event event;
  v1::SubscriptionChanged& changed = *event.mutable_subscription_changed();
  changed.set_subscription(name);
  changed.set_member(MemberName(subscription.member_id));
  if (!subscription.terms.tier_id.empty()) changed.set_tier(TierName(subscription.terms.tier_id));
  changed.set_state(std::string(Name(subscription.state)));
  changed.set_reason(std::string(reason));
  if (const std::optional<SubscriptionAccess> access = AccessOf(subscription); access && access->end_time) {
    *changed.mutable_access_end_time() = resource::ToTimestamp(*access->end_time);
  }
  events::Announce(tx, feed, {.type = type, .resource = name, .revision = ++subscription.event_revision, .time = now},
                   std::move(event));
}

}  // namespace masthead::memberships

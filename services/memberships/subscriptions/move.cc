#include "services/memberships/subscriptions/move.h"

#include <optional>
#include <string>

#include "absl/strings/strip.h"
#include "services/memberships/entitlements/sourced_grants.h"
#include "services/memberships/seats/seat_grants.h"
#include "services/memberships/subscriptions/subscription_announcements.h"
#include "services/memberships/subscriptions/subscription_store.h"

namespace masthead::memberships {

void Move::Store(const char* type, absl::string_view reason, absl::Time now) {
  AnnounceSubscription(tx_, feed_, type, subscription_, reason, now);
  SaveSubscription(tx_, subscription_, now);
  AppendChange(tx_, subscription_,
               {.event = std::string(absl::StripPrefix(type, "subscription.")),
                .state_before = before_.state,
                .annual_before = AnnualRevenueOf(before_),
                .reason = std::string(reason)},
               now);
  if (subscription_.terms.seats < before_.terms.seats) {
    TrimSeats(tx_, feed_, subscription_.id, subscription_.terms.seats, now);
  }
  StoreAccess(now);
}

void Move::StoreQuietly(absl::Time now) {
  SaveSubscription(tx_, subscription_, now);
  StoreAccess(now);
}

// A renewal leaves access as it is until it is paid, so that most moves of the clock touch no grant.
void Move::StoreAccess(absl::Time now) {
  const std::optional<SubscriptionAccess> access = AccessOf(subscription_);
  if (access == AccessOf(before_) || (before_.terms.tier_id + subscription_.terms.tier_id).empty()) return;
  const GrantSource source = {.kind = GrantSource::Kind::kSubscription, .id = subscription_.id};
  if (access && !access->tier_id.empty()) {
    SetSourcedGrant(tx_, feed_, subscription_.member_id, source, access->tier_id, access->end_time, now);
  } else {
    EndSourcedGrant(tx_, feed_, subscription_.member_id, source, now);
  }
  if (before_.terms.seats == 1 && subscription_.terms.seats == 1) return;
  RefreshSeatGrants(tx_, feed_, subscription_.id, access ? access->tier_id : subscription_.terms.tier_id,
                    access ? access->end_time : std::optional<absl::Time>(now), now);
}

}  // namespace masthead::memberships

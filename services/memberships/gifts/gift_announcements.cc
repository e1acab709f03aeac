#include "services/memberships/gifts/gift_announcements.h"

#include <utility>

#include "common/events/announcement.h"
#include "masthead/memberships/v1/events.pb.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

void AnnounceGift(db::Transaction& tx, events::Feed& feed, const char* type, const Gift& gift, absl::Time now) {
  v1::Event event;
  event.mutable_gift_changed()->set_gift(GiftName(gift.id));
  event.mutable_gift_changed()->set_member(MemberName(gift.receiver_id.empty() ? gift.giver_id : gift.receiver_id));
  events::Announce(tx, feed, {.type = type, .resource = GiftName(gift.id), .revision = gift.revision, .time = now},
                   std::move(event));
}

}  // namespace masthead::memberships

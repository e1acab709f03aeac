#include "services/memberships/seats/seat_announcements.h"

#include <utility>

#include "common/events/announcement.h"
#include "masthead/memberships/v1/events.pb.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

void AnnounceSeat(db::Transaction& tx, events::Feed& feed, const char* type, absl::string_view owner_id,
                  const Seat& seat, absl::Time now) {
  const std::string name = SeatName(owner_id, seat);
  v1::Event event;
  event.mutable_seat_changed()->set_seat(name);
  if (!seat.member_id.empty()) event.mutable_seat_changed()->set_member(MemberName(seat.member_id));
  events::Announce(tx, feed, {.type = type, .resource = name, .revision = seat.revision, .time = now},
                   std::move(event));
}

}  // namespace masthead::memberships

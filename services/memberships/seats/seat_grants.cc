#include "services/memberships/seats/seat_grants.h"

#include <vector>

#include "common/db/now.h"
#include "services/memberships/entitlements/sourced_grants.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/seats/seat_announcements.h"
#include "services/memberships/seats/seat_errors.h"
#include "services/memberships/seats/seat_store.h"

namespace masthead::memberships {
namespace {

GrantSource SourceOf(const Seat& seat) { return {GrantSource::Kind::kSeat, seat.id}; }

}  // namespace

void RefreshSeatGrants(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id,
                       absl::string_view tier_id, std::optional<absl::Time> end_time, absl::Time now) {
  if (tier_id.empty() || (end_time && *end_time <= now)) {
    for (const Seat& seat : LoadSeatsWithGrant(tx, subscription_id)) {
      LockMember(tx, seat.member_id);
      EndSourcedGrant(tx, feed, seat.member_id, SourceOf(seat), now);
    }
    return;
  }
  MoveRunningSeatGrants(tx, subscription_id, tier_id, end_time);
  for (const Seat& seat : LoadSeatsWithoutGrant(tx, subscription_id, tier_id, end_time)) {
    LockMember(tx, seat.member_id);
    SetSourcedGrant(tx, feed, seat.member_id, SourceOf(seat), tier_id, end_time, now);
  }
}

absl::Status CheckSeats(db::Transaction& tx, absl::string_view subscription_id, int32_t seats) {
  return LoadSeatUse(tx, subscription_id, db::Now(tx)).used() <= seats ? absl::OkStatus() : NoSeats(seats);
}

void TrimSeats(db::Transaction& tx, events::Feed& feed, absl::string_view subscription_id, int32_t seats,
               absl::Time now) {
  const std::optional<Group> group = LockGroup(tx, subscription_id);
  const int64_t too_many = LoadSeatUse(tx, subscription_id, now).used() - seats;
  if (!group || too_many <= 0) return;
  for (const Seat& seat : LoadSeatsToTrim(tx, subscription_id, now, too_many)) {
    GiveUpSeat(tx, feed, group->owner_id, seat, now);
  }
}

void GiveUpSeat(db::Transaction& tx, events::Feed& feed, absl::string_view owner_id, Seat seat, absl::Time now) {
  DeleteSeat(tx, seat);
  ++seat.revision;
  AnnounceSeat(tx, feed, "seat.given_up", owner_id, seat, now);
  if (seat.member_id.empty()) return;
  LockMember(tx, seat.member_id);
  EndSourcedGrant(tx, feed, seat.member_id, SourceOf(seat), now);
}

}  // namespace masthead::memberships

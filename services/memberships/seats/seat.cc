#include "services/memberships/seats/seat.h"

#include "absl/strings/str_cat.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member.h"
#include "services/memberships/seats/seat_errors.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kInvitationLife = absl::Hours(30 * 24);

}  // namespace

std::string SubscriptionNameOf(absl::string_view owner_id, absl::string_view subscription_id) {
  return absl::StrCat(MemberName(owner_id), "/subscriptions/", subscription_id);
}

std::string SeatName(absl::string_view owner_id, const Seat& seat) {
  return absl::StrCat(SubscriptionNameOf(owner_id, seat.subscription_id), "/seats/", seat.id);
}

Seat::State StateAt(const Seat& seat, absl::Time now) {
  if (!seat.member_id.empty()) return Seat::State::kTaken;
  return seat.expire_time && *seat.expire_time > now ? Seat::State::kInvited : Seat::State::kInvitationExpired;
}

absl::Status CheckShared(const Group& group, absl::Time now) {
  const bool gives = group.is_live && !group.tier_id.empty() && group.seats > 1 &&
                     group.access_end_time.value_or(absl::InfiniteFuture()) > now;
  if (gives) return absl::OkStatus();
  return InvalidTransition(SubscriptionNameOf(group.owner_id, group.subscription_id), group.state, "seat");
}

absl::Status CheckRoom(int32_t seats, int64_t used) { return used < seats ? absl::OkStatus() : NoSeats(seats); }

absl::Status CheckInvitation(const Seat& seat, absl::Time now) {
  return StateAt(seat, now) == Seat::State::kInvited ? absl::OkStatus() : InvitationOver();
}

void Invite(Seat& seat, absl::string_view code_hash, absl::Time now) {
  seat.code_hash = std::string(code_hash);
  seat.expire_time = now + kInvitationLife;
}

void Take(Seat& seat, absl::string_view member_id, absl::Time now) {
  seat.member_id = std::string(member_id);
  seat.take_time = now;
  seat.code_hash.clear();
  seat.expire_time.reset();
}

}  // namespace masthead::memberships

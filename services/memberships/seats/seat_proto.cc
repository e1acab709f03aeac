#include "services/memberships/seats/seat_proto.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {
namespace {

constexpr char kGroupPattern[] = "members/*/subscriptions/*";
constexpr char kSeatPattern[] = "members/*/subscriptions/*/seats/*";

v1::Seat::State ToProto(Seat::State state) {
  switch (state) {
    case Seat::State::kInvited:
      return v1::Seat::INVITED;
    case Seat::State::kTaken:
      return v1::Seat::TAKEN;
    case Seat::State::kInvitationExpired:
      return v1::Seat::INVITATION_EXPIRED;
  }
  return v1::Seat::STATE_UNSPECIFIED;
}

}  // namespace

v1::Seat ToProto(absl::string_view owner_id, const Seat& seat, absl::Time now) {
  v1::Seat proto;
  proto.set_name(SeatName(owner_id, seat));
  proto.set_state(ToProto(StateAt(seat, now)));
  if (!seat.member_id.empty()) proto.set_holder(MemberName(seat.member_id));
  proto.set_masked_email(seat.masked_email);
  proto.set_manager(seat.is_manager);
  if (seat.expire_time) *proto.mutable_expire_time() = resource::ToTimestamp(*seat.expire_time);
  *proto.mutable_create_time() = resource::ToTimestamp(seat.create_time);
  if (seat.take_time) *proto.mutable_take_time() = resource::ToTimestamp(*seat.take_time);
  proto.set_etag(resource::Etag(seat.revision));
  return proto;
}

v1::Seat OwnersSeat(const Group& group) {
  v1::Seat proto;
  proto.set_name(absl::StrCat(SubscriptionNameOf(group.owner_id, group.subscription_id), "/seats/owner"));
  proto.set_state(v1::Seat::TAKEN);
  proto.set_holder(MemberName(group.owner_id));
  proto.set_manager(true);
  return proto;
}

GroupRef ParseGroupName(absl::string_view field, absl::string_view name, FieldViolations& violations) {
  std::optional<std::vector<std::string>> ids = resource::ParseName(name, kGroupPattern);
  if (ids) return {.owner_id = (*ids)[0], .subscription_id = (*ids)[1]};
  violations.Add(field, absl::StrCat("must be a resource name `", kGroupPattern, "`"));
  return {};
}

SeatRef ParseSeatName(absl::string_view field, absl::string_view name, FieldViolations& violations) {
  std::optional<std::vector<std::string>> ids = resource::ParseName(name, kSeatPattern);
  if (ids) return {.group = {.owner_id = (*ids)[0], .subscription_id = (*ids)[1]}, .id = (*ids)[2]};
  violations.Add(field, absl::StrCat("must be a resource name `", kSeatPattern, "`"));
  return {};
}

}  // namespace masthead::memberships

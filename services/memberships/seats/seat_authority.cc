#include "services/memberships/seats/seat_authority.h"

#include <optional>
#include <utility>

#include "absl/strings/strip.h"
#include "services/memberships/errors.h"
#include "services/memberships/seats/seat_store.h"

namespace masthead::memberships {
namespace {

bool Has(db::Transaction& tx, const std::string& member_id, const Group& group, SeatPower power) {
  if (power == SeatPower::kSit || member_id == group.owner_id) return true;
  if (power == SeatPower::kOwn) return false;
  const std::optional<Seat> seat = LoadSeatOfHolder(tx, group.subscription_id, member_id);
  return seat && seat->is_manager;
}

absl::StatusOr<Group> Check(db::Transaction& tx, const auth::Caller& caller, const GroupRef& ref, SeatPower power,
                            std::optional<Group> group) {
  const std::string member_id = CallingMember(caller);
  const bool is_there = group && group->owner_id == ref.owner_id;
  if (!member_id.empty() && member_id != ref.owner_id && (!is_there || !Has(tx, member_id, *group, power))) {
    return NotOwnResource();
  }
  if (!is_there) return SubscriptionNotFound(SubscriptionNameOf(ref.owner_id, ref.subscription_id));
  return *std::move(group);
}

}  // namespace

absl::StatusOr<Group> LockGroupFor(db::Transaction& tx, const auth::Caller& caller, const GroupRef& ref,
                                   SeatPower power) {
  return Check(tx, caller, ref, power, LockGroup(tx, ref.subscription_id));
}

absl::StatusOr<Group> LoadGroupFor(db::Transaction& tx, const auth::Caller& caller, const GroupRef& ref,
                                   SeatPower power) {
  return Check(tx, caller, ref, power, LoadGroup(tx, ref.subscription_id));
}

std::string CallingMember(const auth::Caller& caller) {
  if (caller.kind != auth::Caller::Kind::kMember) return "";
  return std::string(absl::StripPrefix(caller.subject, "members/"));
}

}  // namespace masthead::memberships

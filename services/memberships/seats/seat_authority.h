// Who may do what about the seats of a group.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/caller.h"
#include "common/db/database.h"
#include "services/memberships/seats/seat.h"
#include "services/memberships/seats/seat_proto.h"

namespace masthead::memberships {

enum class SeatPower {
  kOwn,     // The owner, and staff and backends.
  kManage,  // Those, and holders whom the owner made managers.
  kSit,     // Anybody: the caller of this looks who sits.
};

// The group that a name says, for a caller who may. A member learns nothing about others' groups: NOT_OWN_RESOURCE,
// whether there is such a group or not. SUBSCRIPTION_NOT_FOUND. Locked until `tx` ends.
absl::StatusOr<Group> LockGroupFor(db::Transaction& tx, const auth::Caller& caller, const GroupRef& ref,
                                   SeatPower power);
// Same, without the lock.
absl::StatusOr<Group> LoadGroupFor(db::Transaction& tx, const auth::Caller& caller, const GroupRef& ref,
                                   SeatPower power);

// The member who calls; empty for staff and backends.
std::string CallingMember(const auth::Caller& caller);

}  // namespace masthead::memberships

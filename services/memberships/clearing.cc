#include "services/memberships/clearing.h"

#include <cstdint>

#include "common/base/status_macros.h"
#include "services/memberships/meters/meter_store.h"
#include "services/memberships/signin/challenge_store.h"

namespace masthead::memberships {

absl::StatusOr<bool> ClearAwayOld(db::Database& database, const Scope& scope) {
  ASSIGN_OR_RETURN(const int64_t meters, database.Write(scope, RemoveEndedMeters));
  ASSIGN_OR_RETURN(const int64_t sign_ins, database.Write(scope, RemoveOldSignIns));
  return meters + sign_ins > 0;
}

}  // namespace masthead::memberships

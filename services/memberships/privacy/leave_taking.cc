#include "services/memberships/privacy/leave_taking.h"

#include <string>

#include "common/base/status_macros.h"
#include "common/failpoint/failpoint.h"
#include "services/memberships/privacy/leave_store.h"

namespace masthead::memberships {

absl::StatusOr<bool> TakeLeave(db::Database& database, const Providers& providers, const Scope& scope) {
  ASSIGN_OR_RETURN(const std::string member_id, database.Write(scope, LeaseLeave));
  if (member_id.empty()) return false;
  for (const auto& provider : providers.all()) RETURN_IF_ERROR(provider->ForgetMember(scope, member_id));
  failpoint::Hit("memberships.leave.before_record");
  RETURN_IF_ERROR(database.Write(scope, [&](db::Transaction& tx) {
    EndLeave(tx, member_id);
    return absl::OkStatus();
  }));
  return true;
}

}  // namespace masthead::memberships

#include "services/memberships/signin/old_sign_ins.h"

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/telemetry/log.h"
#include "services/memberships/signin/challenge_store.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kInterval = absl::Minutes(10);
constexpr absl::Duration kPauseBetweenBatches = absl::Milliseconds(200);

}  // namespace

absl::Duration ForgetOldSignIns(db::Database& database, const Scope& scope) {
  const absl::StatusOr<int64_t> removed = database.Write(scope, RemoveOldSignIns);
  if (!removed.ok() && !absl::IsCancelled(removed.status())) {
    telemetry::Warning("old sign-ins are kept and will be tried again",
                       {{"code", absl::StatusCodeToString(removed.status().code())}});
  }
  return removed.ok() && *removed > 0 ? kPauseBetweenBatches : kInterval;
}

}  // namespace masthead::memberships

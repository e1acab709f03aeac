// MembersService: how many there are, for the banner that every page of the newspaper shows.
#pragma once

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/clock/clock.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/members_service.pb.h"

namespace masthead::memberships {

// Asks the database at most every few seconds, however many pages ask.
class MemberCounterService {
 public:
  MemberCounterService(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Binds GetMemberCounter.
  void Register(rpc::Service& service);

 private:
  absl::StatusOr<v1::MemberCounter> Get(const rpc::Call& call, const v1::GetMemberCounterRequest& request);
  absl::StatusOr<int64_t> Count(const Scope& scope);

  db::Database& database_;
  const Clock& clock_;
  Mutex mutex_;
  int64_t members_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time fresh_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace masthead::memberships

#include "services/memberships/members/member_counter_service.h"

#include "common/base/status_macros.h"
#include "services/memberships/members/member_counter.h"
#include "services/memberships/members/member_counter_store.h"
#include "services/memberships/members/privacy.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kFreshness = absl::Seconds(5);

}  // namespace

void MemberCounterService::Register(rpc::Service& service) {
  service.Unary("GetMemberCounter", this, &MemberCounterService::Get);
}

absl::StatusOr<v1::MemberCounter> MemberCounterService::Get(const rpc::Call& call, const v1::GetMemberCounterRequest&) {
  ASSIGN_OR_RETURN(const int64_t members, Count(call.scope));
  v1::MemberCounter counter;
  counter.set_count(BannerCount(members));
  counter.set_display_text(BannerText(members));
  if (MayLookUpMembers(*call.caller)) counter.set_exact_count(members);
  return counter;
}

absl::StatusOr<int64_t> MemberCounterService::Count(const Scope& scope) {
  const absl::Time now = clock_.Now();
  {
    MutexLock lock(mutex_);
    if (now < fresh_until_) return members_;
  }
  ASSIGN_OR_RETURN(const int64_t members,
                   database_.Read(scope, [](db::Transaction& tx) { return LoadMemberCount(tx); }));
  MutexLock lock(mutex_);
  members_ = members;
  fresh_until_ = now + kFreshness;
  return members;
}

}  // namespace masthead::memberships

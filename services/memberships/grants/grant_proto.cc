#include "services/memberships/grants/grant_proto.h"

#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {
namespace {

v1::Grant::State ToProto(Grant::State state) {
  switch (state) {
    case Grant::State::kScheduled:
      return v1::Grant::SCHEDULED;
    case Grant::State::kActive:
      return v1::Grant::ACTIVE;
    case Grant::State::kEnded:
      return v1::Grant::ENDED;
    case Grant::State::kRevoked:
      return v1::Grant::REVOKED;
  }
  return v1::Grant::STATE_UNSPECIFIED;
}

}  // namespace

v1::Grant ToProto(const Grant& grant, absl::Time now) {
  v1::Grant proto;
  proto.set_name(GrantName(grant));
  proto.set_tier(TierName(grant.tier_id));
  *proto.mutable_start_time() = resource::ToTimestamp(grant.start_time);
  if (grant.end_time) *proto.mutable_end_time() = resource::ToTimestamp(*grant.end_time);
  proto.set_reason(grant.reason);
  proto.set_state(ToProto(StateAt(grant, now)));
  *proto.mutable_create_time() = resource::ToTimestamp(grant.create_time);
  if (grant.revoke_time) *proto.mutable_revoke_time() = resource::ToTimestamp(*grant.revoke_time);
  proto.set_etag(resource::Etag(grant.revision));
  return proto;
}

WantedGrant ParseGrant(const v1::Grant& proto, FieldViolations& violations) {
  WantedGrant wanted = {
      .grant = {.tier_id = IdIn("grant.tier", proto.tier(), "tiers", violations), .reason = proto.reason()},
      .starts_at_once = !proto.has_start_time()};
  if (proto.has_start_time()) {
    wanted.grant.start_time = resource::ParseTimestamp("grant.start_time", proto.start_time(), violations);
  }
  if (proto.has_end_time())
    wanted.grant.end_time = resource::ParseTimestamp("grant.end_time", proto.end_time(), violations);
  CheckGrant("grant", wanted.grant, violations);
  return wanted;
}

}  // namespace masthead::memberships

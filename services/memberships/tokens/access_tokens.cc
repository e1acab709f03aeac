#include "services/memberships/tokens/access_tokens.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/auth/authenticator.h"
#include "common/auth/token.h"
#include "common/base/status_macros.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "services/memberships/admin/staff_store.h"
#include "services/memberships/entitlements/standing_store.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member.h"
#include "services/memberships/plans/tier.h"
#include "services/memberships/tokens/lifetime.h"

namespace masthead::memberships {
namespace {

struct MemberPower {
  auth::Caller caller;
  absl::Duration lifetime;
};

absl::StatusOr<MemberPower> PowerOf(db::Transaction& tx, const std::string& member_id) {
  const Standings standings = LoadStandings(tx, {member_id});
  const Standing& standing = standings.by_member.at(member_id);
  if (!standing.registered) return MemberNotFound(member_id);
  const TokenTiers token = TiersForToken(standing.grants, standings.now);
  MemberPower power = {.caller = {.kind = auth::Caller::Kind::kMember, .subject = MemberName(member_id)},
                       .lifetime = token.lifetime};
  for (const std::string& tier_id : token.tier_ids) power.caller.tiers.push_back(TierName(tier_id));
  return power;
}

}  // namespace

v1::AccessToken AccessTokens::Sign(auth::Caller caller, absl::Duration lifetime) const {
  return SignFor(auth::AuthenticatorOptions().audience, std::move(caller), lifetime);
}

absl::StatusOr<v1::AccessToken> AccessTokens::ForMember(db::Transaction& tx, const std::string& member_id) const {
  ASSIGN_OR_RETURN(MemberPower power, PowerOf(tx, member_id));
  return Sign(std::move(power.caller), power.lifetime);
}

absl::StatusOr<v1::AccessToken> AccessTokens::ForStaff(db::Transaction& tx, const std::string& staff_id) const {
  const std::optional<StaffMember> person = LoadStaffMember(tx, staff_id);
  if (!person) return StaffMemberNotFound(staff_id);
  if (person->roles.empty()) return StaffMemberWithoutRole(staff_id);
  return Sign({.kind = auth::Caller::Kind::kStaff, .subject = StaffMemberName(staff_id), .roles = person->roles},
              kStaffTokenLifetime);
}

absl::StatusOr<v1::AccessToken> AccessTokens::Entitlements(db::Transaction& tx, const std::string& member_id) const {
  ASSIGN_OR_RETURN(MemberPower power, PowerOf(tx, member_id));
  return SignFor(kEntitlementAudience, std::move(power.caller), std::min(power.lifetime, kEntitlementTokenLifetime));
}

v1::AccessToken AccessTokens::SignFor(const std::string& audience, auth::Caller caller, absl::Duration lifetime) const {
  const absl::Time now = clock_.Now();
  // `exp` counts whole seconds: round down, so that no token outlives what it says.
  caller.expire_time = absl::FromUnixSeconds(absl::ToUnixSeconds(now + lifetime));
  v1::AccessToken token;
  *token.mutable_expire_time() = resource::ToTimestamp(caller.expire_time);
  token.set_access_token(keys_.signing().SignToken({.issuer = auth::AuthenticatorOptions().issuer,
                                                    .audience = audience,
                                                    .id = ids::NewUuid(now),
                                                    .issue_time = now,
                                                    .caller = std::move(caller)}));
  return token;
}

}  // namespace masthead::memberships

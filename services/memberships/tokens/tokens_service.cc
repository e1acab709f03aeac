#include "services/memberships/tokens/tokens_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "common/auth/authenticator.h"
#include "common/auth/token.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/db/now.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "services/memberships/admin/api_key.h"
#include "services/memberships/admin/api_key_store.h"
#include "services/memberships/admin/staff_store.h"
#include "services/memberships/entitlements/standing_store.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier.h"
#include "services/memberships/tokens/lifetime.h"

namespace masthead::memberships {
namespace {

constexpr size_t kMaxApiKey = 200;

// What a key's token may do, and for how long.
struct KeyPower {
  std::vector<std::string> scopes;
  absl::Duration lifetime;
};

}  // namespace

void TokensService::Register(rpc::Service& service) {
  service.Unary("ExchangeApiKey", this, &TokensService::ExchangeApiKey);
  service.Unary("IssueMemberToken", this, &TokensService::IssueMemberToken);
  service.Unary("IssueStaffToken", this, &TokensService::IssueStaffToken);
  service.Unary("GetJsonWebKeySet", this, &TokensService::GetJsonWebKeySet);
}

absl::StatusOr<v1::AccessToken> TokensService::ExchangeApiKey(const Call& call,
                                                              const v1::ExchangeApiKeyRequest& request) {
  if (request.api_key().size() > kMaxApiKey) return ApiKeyInvalid();
  const std::optional<PresentedKey> presented = ParseApiKey(request.api_key());
  if (!presented || !ids::IsResourceId(presented->id)) return ApiKeyInvalid();
  const std::string hash = crypto::Sha256(presented->secret);

  ASSIGN_OR_RETURN(
      const KeyPower power, database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<KeyPower> {
        const std::optional<ApiKey> key = LoadApiKey(tx, presented->id);
        const absl::Time now = db::Now(tx);
        if (!key || !crypto::ConstantTimeEquals(key->secret_hash, hash)) return ApiKeyInvalid();
        if (StateAt(*key, now) != ApiKey::State::kActive) return ApiKeyInvalid();
        const absl::Duration remaining = key->expire_time ? *key->expire_time - now : absl::InfiniteDuration();
        return KeyPower{key->scopes, std::min(kBackendTokenLifetime, remaining)};
      }));
  return Sign({.kind = auth::Caller::Kind::kBackend, .subject = ApiKeyName(presented->id), .scopes = power.scopes},
              power.lifetime);
}

absl::StatusOr<v1::AccessToken> TokensService::IssueMemberToken(const Call& call,
                                                                const v1::IssueMemberTokenRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("member", request.member(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  ASSIGN_OR_RETURN(const Standings standings,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadStandings(tx, {id}); }));
  const Standing& standing = standings.by_member.at(id);
  if (!standing.registered) return MemberNotFound(id);

  const TokenTiers token = TiersForToken(standing.grants, standings.now);
  auth::Caller member = {.kind = auth::Caller::Kind::kMember, .subject = MemberName(id)};
  for (const std::string& tier_id : token.tier_ids) member.tiers.push_back(TierName(tier_id));
  return Sign(std::move(member), token.lifetime);
}

absl::StatusOr<v1::AccessToken> TokensService::IssueStaffToken(const Call& call,
                                                               const v1::IssueStaffTokenRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("staff_member", request.staff_member(), "staffMembers", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  ASSIGN_OR_RETURN(const std::optional<StaffMember> person,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadStaffMember(tx, id); }));
  if (!person) return StaffMemberNotFound(id);
  if (person->roles.empty()) return StaffMemberWithoutRole(id);
  return Sign({.kind = auth::Caller::Kind::kStaff, .subject = StaffMemberName(id), .roles = person->roles},
              kStaffTokenLifetime);
}

absl::StatusOr<v1::JsonWebKeySet> TokensService::GetJsonWebKeySet(const Call&, const v1::GetJsonWebKeySetRequest&) {
  v1::JsonWebKeySet key_set;
  key_set.set_jwks_json(keys_.key_set_json());
  return key_set;
}

v1::AccessToken TokensService::Sign(auth::Caller caller, absl::Duration lifetime) const {
  const auth::AuthenticatorOptions names;
  const absl::Time now = clock_.Now();
  // `exp` counts whole seconds: round down, so that no token outlives what it says.
  caller.expire_time = absl::FromUnixSeconds(absl::ToUnixSeconds(now + lifetime));
  v1::AccessToken token;
  *token.mutable_expire_time() = resource::ToTimestamp(caller.expire_time);
  token.set_access_token(keys_.current().SignToken({.issuer = names.issuer,
                                                    .audience = names.audience,
                                                    .id = ids::NewUuid(now),
                                                    .issue_time = now,
                                                    .caller = std::move(caller)}));
  return token;
}

}  // namespace masthead::memberships

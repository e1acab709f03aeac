#include "services/memberships/subscriptions/subscriptions_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "services/memberships/errors.h"
#include "services/memberships/grants/grant_proto.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/members/announcements.h"
#include "services/memberships/members/member_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier_store.h"

namespace masthead::memberships {
namespace {

std::vector<std::string> Keyset(const Grant& grant) {
  return {absl::StrCat(absl::ToUnixMicros(grant.create_time)), grant.id};
}

std::optional<GrantCursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros)) return std::nullopt;
  return GrantCursor{absl::FromUnixMicros(micros), keyset[1]};
}

// The tier can be granted, and stays so until `tx` ends.
absl::Status HoldGrantableTier(db::Transaction& tx, const std::string& tier_id) {
  const std::optional<Tier> tier = HoldTier(tx, tier_id);
  return tier ? CheckNotArchived(*tier) : TierNotFound(tier_id);
}

}  // namespace

SubscriptionsService::SubscriptionsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key)
    : database_(database), feed_(feed), page_tokens_(mac_key.Derive("memberships.grants.page")) {}

void SubscriptionsService::Register(rpc::Service& service) {
  service.Unary("CreateGrant", this, &SubscriptionsService::Create);
  service.Unary("RevokeGrant", this, &SubscriptionsService::Revoke);
  service.Unary("GetGrant", this, &SubscriptionsService::Get);
  service.Unary("ListGrants", this, &SubscriptionsService::List);
}

absl::StatusOr<v1::Grant> SubscriptionsService::Create(const Call& call, const v1::CreateGrantRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  WantedGrant wanted = ParseGrant(request.grant(), violations);
  wanted.grant.member_id = member_id;
  wanted.grant.id = ChosenOrNewId("grant_id", request.grant_id(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Grant>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Grant> {
        if (!LockMember(tx, member_id)) return MemberNotFound(member_id);
        RETURN_IF_ERROR(HoldGrantableTier(tx, wanted.grant.tier_id));
        const absl::Time now = db::Now(tx);
        Grant grant = wanted.grant;
        grant.create_time = now;
        if (wanted.starts_at_once) grant.start_time = now;
        RETURN_IF_ERROR(CheckNotOver("grant", grant, now));

        std::vector<Grant> open = LoadOpenGrants(tx, member_id);
        if (open.size() >= kMaxOpenGrants) return TooManyGrants(kMaxOpenGrants);
        if (!InsertGrant(tx, grant, now)) return GrantExists(GrantName(grant));
        const std::vector<std::string> before = TiersAt(open, now);
        open.push_back(grant);
        const std::vector<std::string> after = TiersAt(open, now);
        if (after != before) AnnounceEntitlements(tx, feed_, member_id, after);
        change = {.resource = GrantName(grant), .revision_before = 0, .revision_after = grant.revision};
        return ToProto(grant, now);
      });
}

absl::StatusOr<v1::Grant> SubscriptionsService::Revoke(const Call& call, const v1::RevokeGrantRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "grants", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Grant>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Grant> {
        if (!LockMember(tx, id.member_id)) return MemberNotFound(id.member_id);
        std::optional<Grant> grant = LoadGrant(tx, id.member_id, id.id);
        if (!grant) return GrantNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), grant->revision, request.name()));
        const absl::Time now = db::Now(tx);
        const std::vector<std::string> before = TiersAt(LoadOpenGrants(tx, id.member_id), now);
        change = {.resource = GrantName(*grant), .revision_before = grant->revision};
        RETURN_IF_ERROR(memberships::Revoke(*grant, now));
        SaveGrant(tx, *grant, now);
        const std::vector<std::string> after = TiersAt(LoadOpenGrants(tx, id.member_id), now);
        if (after != before) AnnounceEntitlements(tx, feed_, id.member_id, after);
        change.revision_after = grant->revision;
        return ToProto(*grant, now);
      });
}

absl::StatusOr<v1::Grant> SubscriptionsService::Get(const Call& call, const v1::GetGrantRequest& request) {
  FieldViolations violations;
  const ChildId id = ChildIdIn("name", request.name(), "grants", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, id.member_id));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Grant> {
    const std::optional<Grant> grant = LoadGrant(tx, id.member_id, id.id);
    if (!grant) return GrantNotFound(request.name());
    return ToProto(*grant, db::Now(tx));
  });
}

absl::StatusOr<v1::ListGrantsResponse> SubscriptionsService::List(const Call& call,
                                                                  const v1::ListGrantsRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("parent", request.parent(), "members", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListGrantsResponse> {
    const absl::Time now = db::Now(tx);
    const std::vector<Grant> grants = LoadGrants(tx, member_id, CursorOf(after), page_size + 1);
    v1::ListGrantsResponse response;
    for (const Grant& grant : grants) {
      if (response.grants_size() == page_size) {
        response.set_next_page_token(
            page_tokens_.Make(call.caller->principal(), request, Keyset(grants[page_size - 1])));
        break;
      }
      *response.add_grants() = ToProto(grant, now);
    }
    return response;
  });
}

}  // namespace masthead::memberships

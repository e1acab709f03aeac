#include "services/memberships/plans/plans_service.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/memberships/errors.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier_proto.h"
#include "services/memberships/plans/tier_store.h"

namespace masthead::memberships {
namespace {

constexpr absl::string_view kMutableFields[] = {"display_name", "description", "benefits"};

}  // namespace

PlansService::PlansService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.tiers.page")) {}

void PlansService::Register(rpc::Service& service) {
  service.Unary("CreateTier", this, &PlansService::Create);
  service.Unary("GetTier", this, &PlansService::Get);
  service.Unary("ListTiers", this, &PlansService::List);
  service.Unary("UpdateTier", this, &PlansService::Update);
  service.Unary("ArchiveTier", this, &PlansService::Archive);
}

absl::StatusOr<v1::Tier> PlansService::Create(const Call& call, const v1::CreateTierRequest& request) {
  FieldViolations violations;
  Tier wanted;
  wanted.id = ChosenOrNewId("tier_id", request.tier_id(), violations);
  ParseFields(request.tier(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted);
  CheckTier("tier", wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Tier>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Tier> {
        Tier tier = wanted;
        tier.create_time = tier.update_time = db::Now(tx);
        if (!InsertTier(tx, tier)) return TierExists(tier.id);
        change = {.resource = TierName(tier.id), .revision_before = 0, .revision_after = tier.revision};
        return ToProto(tier);
      });
}

absl::StatusOr<v1::Tier> PlansService::Get(const Call& call, const v1::GetTierRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "tiers", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Tier> {
    const std::optional<Tier> tier = LoadTier(tx, id);
    if (!tier) return TierNotFound(id);
    return ToProto(*tier);
  });
}

absl::StatusOr<v1::ListTiersResponse> PlansService::List(const Call& call, const v1::ListTiersRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Tier> tiers, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadTiers(tx, after.empty() ? "" : after.front(), request.show_archived(), page_size + 1);
  }));
  v1::ListTiersResponse response;
  for (const Tier& tier : tiers) {
    if (response.tiers_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {tiers[page_size - 1].id}));
      break;
    }
    *response.add_tiers() = ToProto(tier);
  }
  return response;
}

absl::StatusOr<v1::Tier> PlansService::Update(const Call& call, const v1::UpdateTierRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("tier.name", request.tier().name(), "tiers", violations);
  CheckMask(request.update_mask(), violations);
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.tier(), kMutableFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Tier>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Tier> {
        std::optional<Tier> tier = LockTier(tx, id);
        if (!tier) return TierNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.tier().etag(), tier->revision, TierName(id)));
        RETURN_IF_ERROR(CheckNotArchived(*tier));
        change = {.resource = TierName(id), .revision_before = tier->revision};
        ParseFields(request.tier(), fields, *tier);
        FieldViolations in_tier;
        CheckTier("tier", *tier, in_tier);
        RETURN_IF_ERROR(in_tier.ToStatus());
        tier->update_time = db::Now(tx);
        SaveTier(tx, *tier);
        change.revision_after = tier->revision;
        return ToProto(*tier);
      });
}

absl::StatusOr<v1::Tier> PlansService::Archive(const Call& call, const v1::ArchiveTierRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), "tiers", violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Tier>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Tier> {
        std::optional<Tier> tier = LockTier(tx, id);
        if (!tier) return TierNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), tier->revision, TierName(id)));
        change = {.resource = TierName(id), .revision_before = tier->revision};
        RETURN_IF_ERROR(memberships::Archive(*tier));
        tier->update_time = db::Now(tx);
        SaveTier(tx, *tier);
        change.revision_after = tier->revision;
        return ToProto(*tier);
      });
}

}  // namespace masthead::memberships

#include "services/memberships/institutions/institutions_service.h"

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
#include "services/memberships/institutions/institution_errors.h"
#include "services/memberships/institutions/institution_proto.h"
#include "services/memberships/institutions/institution_store.h"
#include "services/memberships/names.h"
#include "services/memberships/plans/tier_store.h"

namespace masthead::memberships {
namespace {

using google::protobuf::Empty;

constexpr absl::string_view kMutableFields[] = {"display_name", "tier", "domains", "networks", "end_time"};
constexpr char kCollection[] = "institutions";

// The tier can be given, and stays so until `tx` ends.
absl::Status HoldTierToGive(db::Transaction& tx, const std::string& tier_id) {
  const std::optional<Tier> tier = HoldTier(tx, tier_id);
  return tier ? CheckNotArchived(*tier) : TierNotFound(tier_id);
}

}  // namespace

InstitutionsService::InstitutionsService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.institutions.page")) {}

void InstitutionsService::Register(rpc::Service& service) {
  service.Unary("CreateInstitution", this, &InstitutionsService::Create);
  service.Unary("GetInstitution", this, &InstitutionsService::Get);
  service.Unary("ListInstitutions", this, &InstitutionsService::List);
  service.Unary("UpdateInstitution", this, &InstitutionsService::Update);
  service.Unary("DeleteInstitution", this, &InstitutionsService::Delete);
}

absl::StatusOr<v1::Institution> InstitutionsService::Create(const Call& call,
                                                            const v1::CreateInstitutionRequest& request) {
  FieldViolations violations;
  Institution wanted;
  wanted.id = ChosenOrNewId("institution_id", request.institution_id(), violations);
  ParseFields("institution", request.institution(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted,
              violations);
  CheckInstitution("institution", wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Institution>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Institution> {
        RETURN_IF_ERROR(HoldTierToGive(tx, wanted.tier_id));
        Institution institution = wanted;
        institution.create_time = institution.update_time = db::Now(tx);
        if (!InsertInstitution(tx, institution)) return InstitutionExists(institution.id);
        change = {
            .resource = InstitutionName(institution.id), .revision_before = 0, .revision_after = institution.revision};
        return ToProto(institution);
      });
}

absl::StatusOr<v1::Institution> InstitutionsService::Get(const Call& call, const v1::GetInstitutionRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), kCollection, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Institution> {
    const std::optional<Institution> institution = LoadInstitution(tx, id);
    if (!institution) return InstitutionNotFound(id);
    return ToProto(*institution);
  });
}

absl::StatusOr<v1::ListInstitutionsResponse> InstitutionsService::List(const Call& call,
                                                                       const v1::ListInstitutionsRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<Institution> institutions, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadInstitutions(tx, after.empty() ? "" : after.front(), page_size + 1);
  }));
  v1::ListInstitutionsResponse response;
  for (const Institution& institution : institutions) {
    if (response.institutions_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {institutions[page_size - 1].id}));
      break;
    }
    *response.add_institutions() = ToProto(institution);
  }
  return response;
}

absl::StatusOr<v1::Institution> InstitutionsService::Update(const Call& call,
                                                            const v1::UpdateInstitutionRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("institution.name", request.institution().name(), kCollection, violations);
  CheckMask(request.update_mask(), violations);
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.institution(), kMutableFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Institution>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Institution> {
        std::optional<Institution> institution = LockInstitution(tx, id);
        if (!institution) return InstitutionNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.institution().etag(), institution->revision, InstitutionName(id)));
        change = {.resource = InstitutionName(id), .revision_before = institution->revision};
        FieldViolations in_institution;
        ParseFields("institution", request.institution(), fields, *institution, in_institution);
        CheckInstitution("institution", *institution, in_institution);
        RETURN_IF_ERROR(in_institution.ToStatus());
        if (fields.contains("tier")) RETURN_IF_ERROR(HoldTierToGive(tx, institution->tier_id));
        institution->update_time = db::Now(tx);
        SaveInstitution(tx, *institution);
        change.revision_after = institution->revision;
        return ToProto(*institution);
      });
}

absl::StatusOr<Empty> InstitutionsService::Delete(const Call& call, const v1::DeleteInstitutionRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), kCollection, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<Empty>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<Empty> {
        const std::optional<Institution> institution = LockInstitution(tx, id);
        if (!institution) return InstitutionNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), institution->revision, InstitutionName(id)));
        RemoveInstitution(tx, id);
        change = {.resource = InstitutionName(id),
                  .revision_before = institution->revision,
                  .revision_after = institution->revision};
        return Empty();
      });
}

}  // namespace masthead::memberships

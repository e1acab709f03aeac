#include "services/memberships/meters/meter_policies_service.h"

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
#include "services/memberships/meters/meter_policy_store.h"
#include "services/memberships/meters/meter_proto.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr absl::string_view kMutableFields[] = {
    "display_name", "priority", "levels", "window", "time_zone", "anonymous_max_views", "registered_max_views"};
constexpr char kCollection[] = "meterPolicies";

}  // namespace

MeterPoliciesService::MeterPoliciesService(db::Database& database, MeterPolicyCache& cache,
                                           const crypto::MacKey& mac_key)
    : database_(database), cache_(cache), page_tokens_(mac_key.Derive("memberships.meter_policies.page")) {}

void MeterPoliciesService::Register(rpc::Service& plans_service) {
  plans_service.Unary("CreateMeterPolicy", this, &MeterPoliciesService::Create);
  plans_service.Unary("GetMeterPolicy", this, &MeterPoliciesService::Get);
  plans_service.Unary("ListMeterPolicies", this, &MeterPoliciesService::List);
  plans_service.Unary("UpdateMeterPolicy", this, &MeterPoliciesService::Update);
  plans_service.Unary("DeleteMeterPolicy", this, &MeterPoliciesService::Delete);
}

absl::StatusOr<v1::MeterPolicy> MeterPoliciesService::Create(const Call& call,
                                                             const v1::CreateMeterPolicyRequest& request) {
  FieldViolations violations;
  MeterPolicy wanted;
  wanted.id = ChosenOrNewId("meter_policy_id", request.meter_policy_id(), violations);
  ParseFields("meter_policy", request.meter_policy(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted,
              violations);
  CheckMeterPolicy("meter_policy", wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::MeterPolicy>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::MeterPolicy> {
        tx.AfterCommit([this] { cache_.Forget(); });
        MeterPolicy policy = wanted;
        policy.create_time = policy.update_time = db::Now(tx);
        const int policies = LockMeterPolicyCount(tx);
        if (!InsertMeterPolicy(tx, policy)) return MeterPolicyExists(policy.id);
        if (policies >= kMaxMeterPolicies) return TooManyMeterPolicies(kMaxMeterPolicies);
        change = {.resource = MeterPolicyName(policy.id), .revision_before = 0, .revision_after = policy.revision};
        return ToProto(policy);
      });
}

absl::StatusOr<v1::MeterPolicy> MeterPoliciesService::Get(const Call& call, const v1::GetMeterPolicyRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), kCollection, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::MeterPolicy> {
    const std::optional<MeterPolicy> policy = LoadMeterPolicy(tx, id);
    if (!policy) return MeterPolicyNotFound(id);
    return ToProto(*policy);
  });
}

absl::StatusOr<v1::ListMeterPoliciesResponse> MeterPoliciesService::List(const Call& call,
                                                                         const v1::ListMeterPoliciesRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 50, 1000));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  ASSIGN_OR_RETURN(const std::vector<MeterPolicy> policies, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadMeterPolicies(tx, after.empty() ? "" : after.front(), page_size + 1);
  }));
  v1::ListMeterPoliciesResponse response;
  for (const MeterPolicy& policy : policies) {
    if (response.meter_policies_size() == page_size) {
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {policies[page_size - 1].id}));
      break;
    }
    *response.add_meter_policies() = ToProto(policy);
  }
  return response;
}

absl::StatusOr<v1::MeterPolicy> MeterPoliciesService::Update(const Call& call,
                                                             const v1::UpdateMeterPolicyRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("meter_policy.name", request.meter_policy().name(), kCollection, violations);
  CheckMask(request.update_mask(), violations);
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.meter_policy(), kMutableFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::MeterPolicy>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::MeterPolicy> {
        tx.AfterCommit([this] { cache_.Forget(); });
        std::optional<MeterPolicy> policy = LockMeterPolicy(tx, id);
        if (!policy) return MeterPolicyNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.meter_policy().etag(), policy->revision, MeterPolicyName(id)));
        change = {.resource = MeterPolicyName(id), .revision_before = policy->revision};
        FieldViolations in_policy;
        ParseFields("meter_policy", request.meter_policy(), fields, *policy, in_policy);
        CheckMeterPolicy("meter_policy", *policy, in_policy);
        RETURN_IF_ERROR(in_policy.ToStatus());
        policy->update_time = db::Now(tx);
        SaveMeterPolicy(tx, *policy);
        change.revision_after = policy->revision;
        return ToProto(*policy);
      });
}

absl::StatusOr<google::protobuf::Empty> MeterPoliciesService::Delete(const Call& call,
                                                                     const v1::DeleteMeterPolicyRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), kCollection, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        tx.AfterCommit([this] { cache_.Forget(); });
        const std::optional<MeterPolicy> policy = LockMeterPolicy(tx, id);
        if (!policy) return MeterPolicyNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), policy->revision, MeterPolicyName(id)));
        RemoveMeterPolicy(tx, id);
        change = {
            .resource = MeterPolicyName(id), .revision_before = policy->revision, .revision_after = policy->revision};
        return google::protobuf::Empty();
      });
}

}  // namespace masthead::memberships

#include "services/memberships/entitlements/entitlements_service.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "services/memberships/entitlements/access_proto.h"
#include "services/memberships/entitlements/standing_store.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxBatch = 200;

}  // namespace

void EntitlementsService::Register(rpc::Service& service) {
  service.Unary("CheckAccess", this, &EntitlementsService::Check);
  service.Unary("BatchCheckAccess", this, &EntitlementsService::BatchCheck);
}

absl::StatusOr<v1::AccessDecision> EntitlementsService::Check(const Call& call, const v1::CheckAccessRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("member", request.member(), "members", violations);
  const AccessRequirement requirement = ParseRequirement("requirement", request.requirement(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));

  ASSIGN_OR_RETURN(const Standings standings,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadStandings(tx, {member_id}); }));
  return ToProto(Decide(requirement, standings.by_member.at(member_id), standings.now));
}

absl::StatusOr<v1::BatchCheckAccessResponse> EntitlementsService::BatchCheck(
    const Call& call, const v1::BatchCheckAccessRequest& request) {
  FieldViolations violations;
  if (request.requests().empty() || request.requests_size() > kMaxBatch) {
    violations.Add("requests", absl::StrCat("must have 1 to ", kMaxBatch, " entries"));
    return violations.ToStatus();
  }
  std::vector<std::string> member_ids;
  std::vector<AccessRequirement> requirements;
  for (int i = 0; i < request.requests_size(); ++i) {
    const v1::CheckAccessRequest& one = request.requests(i);
    const std::string field = absl::StrCat("requests[", i, "]");
    member_ids.push_back(IdIn(absl::StrCat(field, ".member"), one.member(), "members", violations));
    requirements.push_back(ParseRequirement(absl::StrCat(field, ".requirement"), one.requirement(), violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  for (const std::string& member_id : member_ids) RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));

  const std::set<std::string> distinct(member_ids.begin(), member_ids.end());
  ASSIGN_OR_RETURN(const Standings standings, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadStandings(tx, {distinct.begin(), distinct.end()});
  }));
  v1::BatchCheckAccessResponse response;
  for (size_t i = 0; i < member_ids.size(); ++i) {
    *response.add_decisions() = ToProto(Decide(requirements[i], standings.by_member.at(member_ids[i]), standings.now));
  }
  return response;
}

}  // namespace masthead::memberships

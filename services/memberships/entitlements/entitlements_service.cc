#include "services/memberships/entitlements/entitlements_service.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "services/memberships/entitlements/access_proto.h"
#include "services/memberships/entitlements/question_proto.h"
#include "services/memberships/entitlements/standing_store.h"
#include "services/memberships/errors.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/privacy.h"
#include "services/memberships/meters/metering.h"
#include "services/memberships/names.h"

namespace masthead::memberships {
namespace {

constexpr int kMaxBatch = 200;

// What one check finds without counting.
struct Finding {
  AccessDecision decision;
  std::optional<Forecast> forecast;  // Of the meter that decides instead, if any does.
};

absl::StatusOr<Finding> Find(db::Transaction& tx, const Question& question) {
  Finding finding;
  if (!question.address.empty()) {
    const Standings standings = LoadStandingAt(tx, question.member_id, question.address);
    finding.decision = Decide(question.requirement, standings.by_member.at(question.member_id), standings.now);
  } else if (question.member_id.empty()) {
    finding.decision = Decide(question.requirement, Standing(), absl::UnixEpoch());
  } else {
    const Standings standings = LoadStandings(tx, {question.member_id});
    finding.decision = Decide(question.requirement, standings.by_member.at(question.member_id), standings.now);
  }
  // Who was named as a member and is none is nobody whose views could be counted.
  const bool is_known = question.member_id.empty() || finding.decision.registered;
  if (finding.decision.granted || !question.asks_meter || !is_known) return finding;
  ASSIGN_OR_RETURN(finding.forecast, Foresee(tx, question.reading));
  return finding;
}

}  // namespace

void EntitlementsService::Register(rpc::Service& service) {
  service.Unary("CheckAccess", this, &EntitlementsService::Check);
  service.Unary("BatchCheckAccess", this, &EntitlementsService::BatchCheck);
  service.Unary("IssueAnonymousReader", this, &EntitlementsService::IssueAnonymousReader);
  service.Unary("MergeMeters", this, &EntitlementsService::Merge);
}

absl::StatusOr<v1::AccessDecision> EntitlementsService::Check(const Call& call, const v1::CheckAccessRequest& request) {
  FieldViolations violations;
  const Question question = ParseQuestion(request, meter_keys_, violations);
  // Whoever pays for a network does so for those who are in it, not for those who say so.
  if (call.caller->kind == auth::Caller::Kind::kMember && !request.reader_address().empty()) {
    violations.Add("reader_address", "must be empty when a member asks");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (!question.member_id.empty()) RETURN_IF_ERROR(CheckOwn(*call.caller, question.member_id));

  ASSIGN_OR_RETURN(const Finding finding,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return Find(tx, question); }));
  if (!finding.forecast.has_value()) return ToProto(finding.decision);
  if (request.dry_run()) return ToProto(finding.decision, WithoutCounting(*finding.forecast));
  ASSIGN_OR_RETURN(const MeterAnswer answer, Count(database_, call.scope, question.reading, *finding.forecast));
  return ToProto(finding.decision, answer);
}

absl::StatusOr<v1::IssueAnonymousReaderResponse> EntitlementsService::IssueAnonymousReader(
    const Call&, const v1::IssueAnonymousReaderRequest&) {
  v1::IssueAnonymousReaderResponse response;
  response.set_anonymous_reader(meter_keys_.IssueAnonymousReader());
  return response;
}

absl::StatusOr<v1::MergeMetersResponse> EntitlementsService::Merge(const Call& call,
                                                                   const v1::MergeMetersRequest& request) {
  FieldViolations violations;
  const std::string member_id = IdIn("member", request.member(), "members", violations);
  const std::string reader_key = ParseAnonymousReader(request.anonymous_reader(), meter_keys_, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckOwn(*call.caller, member_id));

  return idempotency::Mutate<v1::MergeMetersResponse>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::MergeMetersResponse> {
        if (!LoadStandings(tx, {member_id}).by_member.at(member_id).registered) return MemberNotFound(member_id);
        MergeMeters(tx, reader_key, MeterKeys::MemberKey(member_id));
        change.resource = MemberName(member_id);
        return v1::MergeMetersResponse();
      });
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
    if (!one.anonymous_reader().empty() || !one.article().empty() || one.dry_run() || !one.reader_address().empty()) {
      violations.Add(field, "must be about a member and no article or address: a batch asks no meter");
    }
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

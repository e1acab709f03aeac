#include "services/memberships/entitlements/entitlements_service.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
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

}  // namespace

void EntitlementsService::Register(rpc::Service& service) {
  service.UnaryBytes<v1::AccessDecision>("CheckAccess", this, &EntitlementsService::Check,
                                         &EntitlementsService::CheckNow);
  service.Unary("BatchCheckAccess", this, &EntitlementsService::BatchCheck);
  service.Unary("IssueAnonymousReader", this, &EntitlementsService::IssueAnonymousReader);
  service.Unary("MergeMeters", this, &EntitlementsService::Merge);
}

std::optional<grpc::ByteBuffer> EntitlementsService::CheckNow(const Call& call, const v1::CheckAccessRequest& request) {
  if (!request.anonymous_reader().empty() || !request.reader_address().empty()) return std::nullopt;
  FieldViolations violations;
  const Question question = ParseQuestion(request, meter_keys_, violations);
  if (!violations.empty() || !CheckOwn(*call.caller, question.member_id).ok()) return std::nullopt;
  const std::optional<StandingCache::Known> known = standings_.Find(question.member_id);
  if (!known) return std::nullopt;
  const AccessDecision decision = Decide(question.requirement, *known->standing, known->now);
  if (!decision.granted && question.asks_meter) return std::nullopt;
  return rpc::ToByteBuffer(ToProto(decision));
}

absl::StatusOr<grpc::ByteBuffer> EntitlementsService::Check(const Call& call, const v1::CheckAccessRequest& request) {
  FieldViolations violations;
  const Question question = ParseQuestion(request, meter_keys_, violations);
  // Whoever pays for a network does so for those who are in it, not for those who say so.
  if (call.caller->kind == auth::Caller::Kind::kMember && !request.reader_address().empty()) {
    violations.Add("reader_address", "must be empty when a member asks");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (!question.member_id.empty()) RETURN_IF_ERROR(CheckOwn(*call.caller, question.member_id));

  ASSIGN_OR_RETURN(const AccessDecision decision, DecideByGrants(call.scope, question));
  // Who was named as a member and is none is nobody whose views could be counted.
  const bool is_known = question.member_id.empty() || decision.registered;
  if (decision.granted || !question.asks_meter || !is_known) return rpc::ToByteBuffer(ToProto(decision));
  ASSIGN_OR_RETURN(const v1::AccessDecision metered,
                   DecideByMeter(call.scope, decision, question.reading, request.dry_run()));
  return rpc::ToByteBuffer(metered);
}

// One statement, so no frame of a transaction; a meter is another.
absl::StatusOr<AccessDecision> EntitlementsService::DecideByGrants(const Scope& scope, const Question& question) {
  const std::string& member_id = question.member_id;
  if (!question.address.empty()) {
    ASSIGN_OR_RETURN(const Standings standings, database_.Single(scope, [&](db::Transaction& tx) {
      return LoadStandingAt(tx, member_id, question.address);
    }));
    return Decide(question.requirement, standings.by_member.at(member_id), standings.now);
  }
  if (member_id.empty()) return Decide(question.requirement, Standing(), absl::UnixEpoch());
  const StandingCache::Ticket ticket = standings_.BeginLoad(member_id);
  ASSIGN_OR_RETURN(Standings standings,
                   database_.Single(scope, [&](db::Transaction& tx) { return LoadStandings(tx, {member_id}); }));
  AccessDecision decision = Decide(question.requirement, standings.by_member.at(member_id), standings.now);
  standings_.Keep(member_id, std::move(standings.by_member.at(member_id)), standings.now, ticket);
  return decision;
}

absl::StatusOr<v1::AccessDecision> EntitlementsService::DecideByMeter(const Scope& scope,
                                                                      const AccessDecision& decision,
                                                                      const MeteredReading& reading, bool dry_run) {
  ASSIGN_OR_RETURN(const MeterPolicyCache::Policies policies, meter_policies_.Get(scope));
  const MeterPolicy* policy = FindGivingPolicy(*policies, reading.level, reading.kind);
  if (policy == nullptr) return ToProto(decision);
  if (!dry_run) {
    ASSIGN_OR_RETURN(const MeterAnswer answer,
                     CountReading(database_, view_counter_, scope, *policy, reading, meter_policies_.Now()));
    return ToProto(decision, answer);
  }
  ASSIGN_OR_RETURN(const MeterAnswer answer,
                   database_.Single(scope, [&](db::Transaction& tx) { return AskMeter(tx, *policy, reading); }));
  return ToProto(decision, answer);
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
  ASSIGN_OR_RETURN(const Standings standings, database_.Single(call.scope, [&](db::Transaction& tx) {
    return LoadStandings(tx, {distinct.begin(), distinct.end()});
  }));
  v1::BatchCheckAccessResponse response;
  for (size_t i = 0; i < member_ids.size(); ++i) {
    *response.add_decisions() = ToProto(Decide(requirements[i], standings.by_member.at(member_ids[i]), standings.now));
  }
  return response;
}

}  // namespace masthead::memberships

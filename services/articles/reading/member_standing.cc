#include "services/articles/reading/member_standing.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "common/telemetry/metrics.h"
#include "grpcpp/client_context.h"

namespace masthead::articles {
namespace {

using memberships::v1::AccessDecision;
using memberships::v1::AccessRequirement;

// What a reader may be made to wait, however patient: the call is the breaker's measure of memberships.
constexpr absl::Duration kPatience = absl::Milliseconds(250);
constexpr int kMaxFailures = 3;
constexpr absl::Duration kPause = absl::Seconds(1);

prometheus::Counter& UncertainReaders() {
  static prometheus::Counter& counter = telemetry::Counter("masthead_articles_uncertain_readers_total",
                                                           "Readers of whom memberships could not tell in time.");
  return counter;
}

AccessRequirement RequirementOf(const Access& access) {
  AccessRequirement requirement;
  switch (access.level) {
    case Access::Level::kPublic:
      requirement.set_level(AccessRequirement::PUBLIC);
      break;
    case Access::Level::kRegistered:
      requirement.set_level(AccessRequirement::REGISTERED);
      break;
    case Access::Level::kMembers:
      requirement.set_level(AccessRequirement::MEMBERS);
      break;
    case Access::Level::kPlans:
      requirement.set_level(AccessRequirement::PLANS);
      break;
  }
  for (const std::string& plan : access.plans) requirement.add_tiers(plan);
  return requirement;
}

bool IsMember(const AccessDecision& decision) {
  switch (decision.reason()) {
    case AccessDecision::IS_REGISTERED:
    case AccessDecision::HAS_TIER:
    case AccessDecision::LACKS_TIER:
      return true;
    default:
      return decision.registered();
  }
}

std::optional<MeterReading> MeterOf(const AccessDecision& decision) {
  if (!decision.has_meter()) return std::nullopt;
  return MeterReading{.opens = decision.granted() && decision.reason() == AccessDecision::METERED,
                      .views = decision.meter().views(),
                      .views_left = decision.meter().views_left(),
                      .max_views = decision.meter().max_views(),
                      .reset_time = absl::FromUnixSeconds(decision.meter().reset_time().seconds())};
}

}  // namespace

MemberStandings::MemberStandings(std::shared_ptr<grpc::Channel> memberships, const Clock& clock)
    : entitlements_(memberships == nullptr ? nullptr : memberships::v1::EntitlementsService::NewStub(memberships)),
      breaker_(clock, kMaxFailures, kPause) {}

absl::StatusOr<MemberStandings::Decision> MemberStandings::Ask(const Request& request) {
  if (entitlements_ == nullptr || !breaker_.Admit()) return absl::UnavailableError("memberships is not asked");
  grpc::ClientContext context;
  rpc::Prepare(context, absl::Now() + kPatience);
  Decision decision;
  const grpc::Status status = entitlements_->CheckAccess(&context, request, &decision);
  // A refusal is an answer.
  const bool answered = status.ok() || status.error_code() == grpc::StatusCode::INVALID_ARGUMENT;
  breaker_.Report(answered);
  if (!status.ok()) return rpc::FromGrpcStatus(status);
  return decision;
}

Reader MemberStandings::Find(const std::string& member) {
  Request request;
  request.set_member(member);
  // Asked for any tier, memberships names all that the member has.
  request.mutable_requirement()->set_level(AccessRequirement::MEMBERS);
  const absl::StatusOr<Decision> decision = Ask(request);
  if (!decision.ok()) {
    UncertainReaders().Increment();
    return {.is_uncertain = true};
  }
  return {.is_member = IsMember(*decision), .tiers = {decision->tiers().begin(), decision->tiers().end()}};
}

Reader MemberStandings::FindForReading(const MeteredReader& reader, const Reader& known, const std::string& article,
                                       const Access& access) {
  Request request;
  request.set_member(reader.member);
  if (reader.member.empty()) request.set_anonymous_reader(reader.anonymous_reader);
  request.set_reader_address(reader.address);
  request.set_article(article);
  *request.mutable_requirement() = RequirementOf(access);
  const absl::StatusOr<Decision> decision = Ask(request);
  if (absl::IsInvalidArgument(decision.status())) return known;
  if (!decision.ok()) {
    UncertainReaders().Increment();
    Reader uncertain = known;
    uncertain.is_meter_unknown = true;
    return uncertain;
  }
  // An older memberships names only the tiers that admit.
  const auto& tiers = decision->held_tiers().empty() ? decision->tiers() : decision->held_tiers();
  return {.is_member = IsMember(*decision), .tiers = {tiers.begin(), tiers.end()}, .meter = MeterOf(*decision)};
}

}  // namespace masthead::articles

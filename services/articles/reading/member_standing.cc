#include "services/articles/reading/member_standing.h"

#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "common/telemetry/metrics.h"
#include "grpcpp/client_context.h"

namespace masthead::articles {
namespace {

// What a reader may be made to wait, however patient: the call is the breaker's measure of memberships.
constexpr absl::Duration kPatience = absl::Milliseconds(250);
constexpr int kMaxFailures = 3;
constexpr absl::Duration kPause = absl::Seconds(1);

prometheus::Counter& UncertainReaders() {
  static prometheus::Counter& counter = telemetry::Counter("masthead_articles_uncertain_readers_total",
                                                           "Readers of whom memberships could not tell in time.");
  return counter;
}

}  // namespace

MemberStandings::MemberStandings(std::shared_ptr<grpc::Channel> memberships, const Clock& clock)
    : entitlements_(memberships == nullptr ? nullptr : memberships::v1::EntitlementsService::NewStub(memberships)),
      breaker_(clock, kMaxFailures, kPause) {}

Reader MemberStandings::Find(const std::string& member) {
  if (entitlements_ == nullptr || !breaker_.Admit()) {
    UncertainReaders().Increment();
    return {.is_uncertain = true};
  }
  grpc::ClientContext context;
  rpc::Prepare(context, absl::Now() + kPatience);
  memberships::v1::CheckAccessRequest request;
  request.set_member(member);
  // Asked for any tier, memberships names all that the member has.
  request.mutable_requirement()->set_level(memberships::v1::AccessRequirement::MEMBERS);
  memberships::v1::AccessDecision decision;
  const bool answered = entitlements_->CheckAccess(&context, request, &decision).ok();
  breaker_.Report(answered);
  if (!answered) {
    UncertainReaders().Increment();
    return {.is_uncertain = true};
  }
  return {.is_member = decision.granted() || decision.reason() == memberships::v1::AccessDecision::LACKS_TIER,
          .tiers = {decision.tiers().begin(), decision.tiers().end()}};
}

}  // namespace masthead::articles

// What memberships says about a member of whom only the name is known. Most readers come with a token that says it
// already; this is for backends that have none. A reader never waits long for it, and never gets an error by it.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/clock/clock.h"
#include "grpcpp/channel.h"
#include "masthead/memberships/v1/entitlements_service.grpc.pb.h"
#include "services/articles/reading/breaker.h"
#include "services/articles/reading/gate.h"

namespace masthead::articles {

// As whom memberships knows a reader.
struct MeteredReader {
  std::string member = {};            // `members/{member}`
  std::string anonymous_reader = {};  // For who is no member: a name that memberships issued.
  std::string address = {};           // Where the reader reads from; empty if that is not told.

  bool is_nobody() const { return member.empty() && anonymous_reader.empty(); }
};

// Thread-safe.
class MemberStandings {
 public:
  // Without a channel nothing is ever known.
  MemberStandings(std::shared_ptr<grpc::Channel> memberships, const Clock& clock);

  // `member` is `members/{member}`. An uncertain reader if memberships does not answer in time.
  Reader Find(const std::string& member);

  // Whether anybody can be asked.
  bool can_tell() const { return entitlements_ != nullptr; }

  // Who reads that article, which `access` closes to `known`, all that is known of the reader so far; and what the
  // reader's meter says, which counts the article if it opens it. Asking again counts nothing more. If memberships does
  // not answer in time, `known` with an unknown meter. A name that memberships did not issue has no meter.
  Reader FindForReading(const MeteredReader& reader, const Reader& known, const std::string& article,
                        const Access& access);

 private:
  using Request = memberships::v1::CheckAccessRequest;
  using Decision = memberships::v1::AccessDecision;

  // One call, unless the breaker is open.
  absl::StatusOr<Decision> Ask(const Request& request);

  const std::unique_ptr<memberships::v1::EntitlementsService::Stub> entitlements_;
  Breaker breaker_;
};

}  // namespace masthead::articles

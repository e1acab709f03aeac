// What memberships says about a member of whom only the name is known. Most readers come with a token that says it
// already; this is for backends that have none. A reader never waits long for it, and never gets an error by it.
#pragma once

#include <memory>
#include <string>

#include "common/clock/clock.h"
#include "grpcpp/channel.h"
#include "masthead/memberships/v1/entitlements_service.grpc.pb.h"
#include "services/articles/reading/breaker.h"
#include "services/articles/reading/gate.h"

namespace masthead::articles {

// Thread-safe.
class MemberStandings {
 public:
  // Without a channel nothing is ever known.
  MemberStandings(std::shared_ptr<grpc::Channel> memberships, const Clock& clock);

  // `member` is `members/{member}`. An uncertain reader if memberships does not answer in time.
  Reader Find(const std::string& member);

 private:
  const std::unique_ptr<memberships::v1::EntitlementsService::Stub> entitlements_;
  Breaker breaker_;
};

}  // namespace masthead::articles

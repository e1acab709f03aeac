// Whoever hands messages on to applications: what an adapter implements.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "services/notifications/outbound/gateway_outcome.h"

namespace masthead::notifications::mobilepush {

struct PushNote {
  std::string token;    // The installation's.
  std::string message;  // `messages/{message}`: a second note about it takes the place of the first.
  std::string title;
  std::string body;
  std::string url;
  bool urgent = false;
  absl::Time expire_time;
};

// Used by one thread at a time.
class PushGateway {
 public:
  virtual ~PushGateway() = default;

  // One result for each, in order. Nothing is sent after it has returned.
  virtual std::vector<GatewayResult> Send(const Scope& scope, const std::vector<PushNote>& notes) = 0;
};

}  // namespace masthead::notifications::mobilepush

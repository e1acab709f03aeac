// Whoever hands short messages on to telephones: what an adapter implements.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "services/notifications/outbound/gateway_outcome.h"

namespace masthead::notifications::sms {

struct ShortMessage {
  std::string to;  // E.164.
  std::string text;
  absl::Duration lifetime;  // After that nobody wants it any more.
};

// Used by one thread at a time.
class SmsGateway {
 public:
  virtual ~SmsGateway() = default;

  // One result for each, in order. Nothing is sent after it has returned.
  virtual std::vector<GatewayResult> Send(const Scope& scope, const std::vector<ShortMessage>& messages) = 0;
};

}  // namespace masthead::notifications::sms

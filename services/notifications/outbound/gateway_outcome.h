// What gateways make of messages, those of telephones and those of applications, and what that means for a delivery.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/notifications/sending/chunk_store.h"

namespace masthead::notifications {

struct GatewayResult {
  enum class Kind {
    kTaken,
    kNoSuchAddress,  // The address is suppressed.
    kGone,           // The endpoint is over: the application was removed, or its owner wants no more.
    kRefused,        // This message, for good.
    kPolicy,         // Our own doing, for good.
    kBusy,           // Later.
    kMisconfigured,  // The gateway does not know us: nothing goes until that is mended.
    kNotHeard,       // It could not be had, and has surely not heard of the message.
    kLost,           // Whether it took the message, nobody knows.
  };

  Kind kind = Kind::kTaken;
  int status = 0;    // HTTP's; 0 without an answer.
  std::string text;  // The gateway's code for what went wrong. Never its words, which may name somebody.
  absl::Duration asked_pause = absl::ZeroDuration();
};

// Without an answer, for the reason that the client of HTTP gives.
GatewayResult WithoutAnswer(const absl::Status& status);

// Lost ones are UNCERTAIN if the message is sent at most once, else tried again.
Decision Decide(const Due& due, const GatewayResult& result, bool at_most_once);

// Whether the gateway could be had.
bool WasThere(const GatewayResult& result);

}  // namespace masthead::notifications

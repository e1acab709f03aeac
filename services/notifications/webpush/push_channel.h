// Messages to browsers, through the push service that each of them named (RFC 8030).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/seal.h"
#include "common/http/client.h"
#include "services/notifications/outbound/address_guard.h"
#include "services/notifications/sending/channel.h"
#include "services/notifications/webpush/p256_key.h"
#include "services/notifications/webpush/vapid.h"

namespace masthead::notifications::webpush {

struct PushOptions {
  std::string subject;  // Where a push service reaches the newspaper: a mailto: or https: URI.
  OutboundOptions outbound;
  int max_connections = 16;
};

class PushChannel final : public Channel {
 public:
  // `vapid_key` and `targets_key`, which opens endpoints' targets, outlive this.
  PushChannel(const P256Key& vapid_key, const crypto::SealingKey& targets_key, const PushOptions& options)
      : targets_key_(targets_key),
        options_(options),
        vapid_(vapid_key, options.subject),
        client_(options.max_connections) {}

  HandedOver Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                  absl::Time deadline) override;

 private:
  absl::StatusOr<http::OutgoingRequest> MakeRequest(const Message& message, const Due& due, absl::Time now);

  const crypto::SealingKey& targets_key_;
  const PushOptions options_;
  Vapid vapid_;
  http::Client client_;
};

// What a browser shows, as JSON, cut so that it fits into a push.
std::string PushPayload(const Message& message);

}  // namespace masthead::notifications::webpush

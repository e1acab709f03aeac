// Letters through smarthosts: by which route, signed by whom, and no faster than it may.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/seal.h"
#include "services/notifications/dkim/key_ring.h"
#include "services/notifications/dkim/signing_pool.h"
#include "services/notifications/mail/smtp_route.h"
#include "services/notifications/routes/route.h"
#include "services/notifications/sending/channel.h"
#include "services/notifications/sending/letters.h"

namespace masthead::notifications {

// What all e-mail channels of the process share.
struct EmailParts {
  db::Database& database;
  dkim::KeyRing& keys;
  dkim::SigningPool& signers;
  const crypto::SealingKey& route_passwords_key;
};

class EmailChannel final : public Channel {
 public:
  // `parts` outlive this. `route` is the default one, and what others are like where they do not say.
  EmailChannel(const EmailParts& parts, Route route, Letters letters)
      : parts_(parts), default_route_(std::move(route)), letters_(std::move(letters)) {}

  HandedOver Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                  absl::Time deadline) override;
  void CloseIdle(absl::Duration idle) override;

 private:
  // A route and its connections.
  struct Line {
    Route route;
    std::unique_ptr<mail::SmtpRoute> smtp;
    absl::Time loaded_at = absl::InfinitePast();
  };

  absl::StatusOr<Line*> LineOf(const Message& message);
  // Those of `window` that may go now; `decisions` says of the others until when they wait.
  absl::StatusOr<std::vector<const Due*>> Admitted(const Route& route, const Message& message,
                                                   const std::vector<Due>& window, std::vector<Decision>& decisions);
  std::vector<mail::Envelope> Write(const Message& message, const std::vector<const Due*>& window,
                                    std::vector<Decision>& decisions);
  absl::Status Sign(const Route& route, const Message& message, std::vector<mail::Envelope>& envelopes);
  absl::Status Learn(const Route& route, const std::map<int64_t, std::string>& domains,
                     const std::vector<mail::Outcome>& outcomes);

  const EmailParts parts_;
  const Route default_route_;
  Letters letters_;
  std::map<std::string, Line> lines_;  // By the route's ID in messages.
};

}  // namespace masthead::notifications

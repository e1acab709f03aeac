// Short messages over Twilio's API (Programmable Messaging, version 2010-04-01), which other providers speak too.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/http/client.h"
#include "services/notifications/sms/sms_gateway.h"

namespace masthead::notifications::sms {

struct TwilioOptions {
  std::string base_url = "https://api.twilio.com";  // No slash at the end.
  std::string account;                              // The account's SID.
  std::string credentials;                          // `user:password`: an API key and its secret.
  std::string sender;                               // A number, a name, or a messaging service (`MG...`).
  int max_connections = 8;
};

// INVALID_ARGUMENT if something is missing, or the URL is not https.
absl::Status CheckTwilio(const TwilioOptions& options);

class TwilioGateway final : public SmsGateway {
 public:
  explicit TwilioGateway(TwilioOptions options) : options_(std::move(options)), client_(options_.max_connections) {}

  std::vector<GatewayResult> Send(const Scope& scope, const std::vector<ShortMessage>& messages) override;

 private:
  http::OutgoingRequest MakeRequest(const ShortMessage& message) const;

  const TwilioOptions options_;
  http::Client client_;
};

}  // namespace masthead::notifications::sms

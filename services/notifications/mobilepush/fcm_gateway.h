// Pushes to applications over Firebase Cloud Messaging (HTTP v1), which reaches Android, Apple's systems and browsers.
#pragma once

#include <string>
#include <vector>

#include "common/http/client.h"
#include "services/notifications/mobilepush/access_token.h"
#include "services/notifications/mobilepush/push_gateway.h"
#include "services/notifications/mobilepush/service_account.h"

namespace masthead::notifications::mobilepush {

struct FcmOptions {
  std::string base_url = "https://fcm.googleapis.com";  // No slash at the end.
  int max_connections = 16;
};

class FcmGateway final : public PushGateway {
 public:
  // `account` outlives this.
  FcmGateway(const ServiceAccount& account, const FcmOptions& options)
      : url_(options.base_url + "/v1/projects/" + account.project() + "/messages:send"),
        tokens_(account),
        client_(options.max_connections) {}

  std::vector<GatewayResult> Send(const Scope& scope, const std::vector<PushNote>& notes) override;

 private:
  const std::string url_;
  AccessTokens tokens_;
  http::Client client_;
};

// The body of a request for one note.
std::string FcmBody(const PushNote& note, absl::Time now);

}  // namespace masthead::notifications::mobilepush

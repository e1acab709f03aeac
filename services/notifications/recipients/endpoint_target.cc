#include "services/notifications/recipients/endpoint_target.h"

#include "common/base/status_macros.h"
#include "nlohmann/json.hpp"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {

std::string SealTarget(const crypto::SealingKey& key, absl::string_view recipient_id, absl::string_view endpoint_id,
                       const EndpointTarget& target) {
  const nlohmann::json json = {{"url", target.url},
                               {"p256dh", target.p256dh},
                               {"auth", target.auth},
                               {"token", target.token},
                               {"phone_number", target.phone_number},
                               {"webhook_endpoint", target.webhook_endpoint}};
  return key.Seal(json.dump(), EndpointName(recipient_id, endpoint_id));
}

absl::StatusOr<EndpointTarget> OpenTarget(const crypto::SealingKey& key, absl::string_view recipient_id,
                                          absl::string_view endpoint_id, absl::string_view sealed) {
  ASSIGN_OR_RETURN(const std::string text, key.Open(sealed, EndpointName(recipient_id, endpoint_id)));
  const nlohmann::json json = nlohmann::json::parse(text);
  return EndpointTarget{.url = json.value("url", ""),
                        .p256dh = json.value("p256dh", ""),
                        .auth = json.value("auth", ""),
                        .token = json.value("token", ""),
                        .phone_number = json.value("phone_number", ""),
                        .webhook_endpoint = json.value("webhook_endpoint", "")};
}

}  // namespace masthead::notifications

#include "services/notifications/outbound/outbound_errors.h"

#include <string>

#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {

absl::Status NonHttpsWebhook() {
  return MakeError(absl::StatusCode::kInvalidArgument, "calls go to https addresses only",
                   {kErrorDomain, "NON_HTTPS_WEBHOOK", {}});
}

absl::Status WebhookAddressForbidden(absl::string_view host) {
  return MakeError(absl::StatusCode::kInvalidArgument, "the address leads into a reserved network",
                   {kErrorDomain, "WEBHOOK_ADDRESS_FORBIDDEN", {{"host", std::string(host)}}});
}

}  // namespace masthead::notifications

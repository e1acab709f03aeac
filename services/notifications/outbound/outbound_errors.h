// Errors of addresses that strangers gave us to call.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

absl::Status NonHttpsWebhook();
absl::Status WebhookAddressForbidden(absl::string_view host);

}  // namespace masthead::notifications

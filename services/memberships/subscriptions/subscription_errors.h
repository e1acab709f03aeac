// What subscriptions refuse.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status PreviewOutdated();
// `ref` is the provider's name for it.
absl::Status ExternalSubscriptionNotFound(absl::string_view ref);
// It follows what the provider has; nothing here can move it.
absl::Status SubscriptionIsExternal(absl::string_view name, absl::string_view provider);

}  // namespace masthead::memberships

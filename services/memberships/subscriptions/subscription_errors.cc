#include "services/memberships/subscriptions/subscription_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {

using absl::StatusCode;

absl::Status PreviewOutdated() {
  return MakeError(StatusCode::kFailedPrecondition, "the change is no longer what was shown: preview it again",
                   {kErrorDomain, "PREVIEW_OUTDATED"});
}

absl::Status ExternalSubscriptionNotFound(absl::string_view ref) {
  return MakeError(StatusCode::kNotFound, "the provider has no such subscription",
                   {kErrorDomain, "EXTERNAL_SUBSCRIPTION_NOT_FOUND", {{"name", std::string(ref)}}});
}

absl::Status SubscriptionIsExternal(absl::string_view name, absl::string_view provider) {
  return MakeError(
      StatusCode::kFailedPrecondition,
      absl::StrCat(name, " is billed by an engine of ", provider, "'s: change it there"),
      {kErrorDomain, "SUBSCRIPTION_IS_EXTERNAL", {{"name", std::string(name)}, {"provider", std::string(provider)}}});
}

}  // namespace masthead::memberships

// What support reports on purpose.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status CampaignNotFound(absl::string_view id);
absl::Status CampaignExists(absl::string_view id);
absl::Status ReferralLinkNotFound(absl::string_view code);
absl::Status TooManyReferralLinks(int limit);

}  // namespace masthead::memberships

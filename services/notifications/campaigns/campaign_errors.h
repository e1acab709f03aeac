// Errors of campaigns (reasons of v1::ErrorReason).
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

absl::Status CampaignNotFound(absl::string_view name);
absl::Status CampaignExists(absl::string_view name);
absl::Status CampaignNotDraft(absl::string_view name, absl::string_view state);
absl::Status CampaignState(absl::string_view name, absl::string_view state);
absl::Status AudienceEmpty();
absl::Status StartWindowPassed(absl::string_view name);
absl::Status CampaignWithoutArticles(absl::string_view name);

}  // namespace masthead::notifications

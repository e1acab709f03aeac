#include "services/notifications/campaigns/campaign_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {

using absl::StatusCode;

absl::Status CampaignNotFound(absl::string_view name) {
  return WithResource(MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name),
                                {kErrorDomain, "CAMPAIGN_NOT_FOUND", {{"name", std::string(name)}}}),
                      "notifications.masthead.dev/Campaign", name);
}

absl::Status CampaignExists(absl::string_view name) {
  return MakeError(StatusCode::kAlreadyExists, absl::StrCat(name, " exists already; update it instead"),
                   {kErrorDomain, "CAMPAIGN_EXISTS", {{"name", std::string(name)}}});
}

absl::Status CampaignNotDraft(absl::string_view name, absl::string_view state) {
  return MakeError(StatusCode::kFailedPrecondition,
                   absl::StrCat(name, " is ", state, ", and no draft; clone it instead"),
                   {kErrorDomain, "CAMPAIGN_NOT_DRAFT", {{"name", std::string(name)}, {"state", std::string(state)}}});
}

absl::Status CampaignState(absl::string_view name, absl::string_view state) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat(name, " is ", state),
                   {kErrorDomain, "CAMPAIGN_STATE", {{"name", std::string(name)}, {"state", std::string(state)}}});
}

absl::Status AudienceEmpty() {
  return MakeError(StatusCode::kFailedPrecondition, "nobody follows the topics", {kErrorDomain, "AUDIENCE_EMPTY"});
}

absl::Status StartWindowPassed(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition, "the latest time to start has passed",
                   {kErrorDomain, "START_WINDOW_PASSED", {{"name", std::string(name)}}});
}

absl::Status CampaignWithoutArticles(absl::string_view name) {
  return MakeError(StatusCode::kFailedPrecondition, absl::StrCat("none of the articles of ", name, " is public"),
                   {kErrorDomain, "CAMPAIGN_WITHOUT_ARTICLES", {{"name", std::string(name)}}});
}

}  // namespace masthead::notifications

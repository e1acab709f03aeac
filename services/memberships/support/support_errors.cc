#include "services/memberships/support/support_errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/memberships/errors.h"

namespace masthead::memberships {
namespace {

using absl::StatusCode;

absl::Status NotFound(absl::string_view type, const std::string& name, const char* reason) {
  return WithResource(
      MakeError(StatusCode::kNotFound, absl::StrCat("there is no ", name), {kErrorDomain, reason, {{"name", name}}}),
      absl::StrCat("memberships.masthead.dev/", type), name);
}

}  // namespace

absl::Status CampaignNotFound(absl::string_view id) {
  return NotFound("Campaign", absl::StrCat("campaigns/", id), "CAMPAIGN_NOT_FOUND");
}

absl::Status CampaignExists(absl::string_view id) {
  const std::string name = absl::StrCat("campaigns/", id);
  return MakeError(StatusCode::kAlreadyExists, absl::StrCat(name, " is there already"),
                   {kErrorDomain, "CAMPAIGN_EXISTS", {{"name", name}}});
}

absl::Status ReferralLinkNotFound(absl::string_view code) {
  return NotFound("ReferralLink", absl::StrCat("referralLinks/", code), "REFERRAL_LINK_NOT_FOUND");
}

absl::Status TooManyReferralLinks(int limit) {
  return MakeError(StatusCode::kFailedPrecondition,
                   absl::StrCat("a member may have at most ", limit, " referral links"),
                   {kErrorDomain, "TOO_MANY_REFERRAL_LINKS", {{"limit", absl::StrCat(limit)}}});
}

}  // namespace masthead::memberships

// Campaigns, to and from the wire.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/errors.h"
#include "masthead/memberships/v1/campaign.pb.h"
#include "services/memberships/support/campaign.h"

namespace masthead::memberships {

v1::Campaign ToProto(const Campaign& campaign, const CampaignProgress& progress, absl::Time now);
v1::CampaignText ToProto(const CampaignText& text);
v1::CampaignGoal ToProto(const CampaignGoal& goal);
v1::CampaignQuote ToProto(const CampaignQuote& quote);
v1::CampaignProgress ToProto(const CampaignProgress& progress, const std::optional<CampaignGoal>& goal);

// Writes `fields` of `proto` into `campaign`; CheckCampaign judges them. A `start_time` that is not set leaves it as it
// is.
void ParseFields(absl::string_view field, const v1::Campaign& proto, const std::set<std::string>& fields,
                 Campaign& campaign, FieldViolations& violations);

}  // namespace masthead::memberships

// Campaigns to and from the wire.
#pragma once

#include <set>
#include <string>

#include "common/base/errors.h"
#include "masthead/notifications/v1/campaign.pb.h"
#include "services/notifications/campaigns/campaign.h"

namespace masthead::notifications {

v1::Campaign ToProto(const Campaign& campaign);

// Takes over `fields` of `proto`, checked.
void ParseCampaign(const v1::Campaign& proto, const std::set<std::string>& fields, Campaign& campaign,
                   FieldViolations& violations);

}  // namespace masthead::notifications

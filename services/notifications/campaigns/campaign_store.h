// Campaigns in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/notifications/campaigns/campaign.h"

namespace masthead::notifications {

// A draft. False if the ID is taken. Sets number and times.
bool InsertCampaign(db::Transaction& tx, Campaign& campaign);

// With its messages, which are those of the moment.
std::optional<Campaign> LoadCampaign(db::Transaction& tx, absl::string_view id);
// Like LoadCampaign, and nobody else can write the campaign until `tx` ends.
std::optional<Campaign> LockCampaign(db::Transaction& tx, absl::string_view id);

// Newest first, older than the campaign numbered `before` if that is not 0.
std::vector<Campaign> LoadCampaigns(db::Transaction& tx, int64_t before, int limit);

// The IDs of SCHEDULED campaigns whose start time has come, the most overdue first.
std::vector<std::string> LoadDueCampaigns(db::Transaction& tx, int limit);

// Those whose tests' metrics are to decide, the longest due first.
std::vector<std::string> LoadCampaignsToDecide(db::Transaction& tx, int limit);
// Until so long from now. No change of the campaign.
void PostponeDecision(db::Transaction& tx, absl::string_view id, absl::Duration by);
// Of the letters of its test, in their order.
std::vector<VariantResult> LoadVariantResults(db::Transaction& tx, const Campaign& campaign);

// Stores what may change of `campaign`, which `tx` has locked, and increments its revision.
void SaveCampaign(db::Transaction& tx, Campaign& campaign);

void RemoveCampaign(db::Transaction& tx, const Campaign& campaign);

}  // namespace masthead::notifications

// Campaigns in Postgres.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/support/campaign.h"

namespace masthead::memberships {

// Where a page of campaigns starts: after this one.
struct CampaignCursor {
  absl::Time start_time;
  std::string id;
};

// False if the ID is taken.
bool InsertCampaign(db::Transaction& tx, const Campaign& campaign);

std::optional<Campaign> LoadCampaign(db::Transaction& tx, absl::string_view id);
std::optional<Campaign> LockCampaign(db::Transaction& tx, absl::string_view id);

// Stores all of `campaign`, which `tx` has locked, and raises its revision.
void SaveCampaign(db::Transaction& tx, Campaign& campaign);

// The one that starts last first.
std::vector<Campaign> LoadCampaigns(db::Transaction& tx, const std::optional<CampaignCursor>& after, int limit);

// The one that runs at `now`; of several, the one that started last.
std::optional<Campaign> LoadRunningCampaign(db::Transaction& tx, absl::Time now);

// Of each of them, those too that nothing came for.
std::map<std::string, CampaignProgress> LoadProgress(db::Transaction& tx, const std::vector<std::string>& campaign_ids);

}  // namespace masthead::memberships

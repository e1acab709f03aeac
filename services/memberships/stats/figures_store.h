// Figures, computed in Postgres from what was recorded: a few rows come back, however many there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/billing/money.h"
#include "services/memberships/stats/movement.h"
#include "services/memberships/stats/retention.h"

namespace masthead::memberships {

// Moves of revenue until the last of `boundaries`, in the months between them and before.
std::vector<MovementSum> LoadMovements(db::Transaction& tx, const std::vector<absl::Time>& boundaries);

// Members who began and stopped paying, in the same way.
std::vector<PayingMoves> LoadPayingMoves(db::Transaction& tx, const std::vector<absl::Time>& boundaries);

// What comes in a year as things stand, by currency; and what of that is canceled already.
std::vector<Money> LoadAnnualRevenue(db::Transaction& tx);
std::vector<Money> LoadScheduledChurn(db::Transaction& tx);

// Members by what their subscriptions are.
struct SubscriptionCounters {
  int64_t paying = 0;
  int64_t past_due = 0;
  int64_t trialing = 0;
  int64_t paused = 0;
};
SubscriptionCounters LoadSubscriptionCounters(db::Transaction& tx);

// Members who have the tier now, and by what.
struct TierHolders {
  std::string tier_id;
  int64_t members = 0;
  int64_t by_subscription = 0;
  int64_t by_gift = 0;
  int64_t by_seat = 0;
  int64_t by_institution = 0;
  int64_t complimentary = 0;
};
std::vector<TierHolders> LoadTierHolders(db::Transaction& tx);

// Members to whom the newsroom gave a tier that they have now.
int64_t LoadComplimentaryCount(db::Transaction& tx);

// What attributions are counted by: a column of theirs.
enum class AttributionDimension {
  kSource,
  kMedium,
  kUtmCampaign,
  kTerm,
  kContent,
  kReferrer,
  kLandingPath,
  kReferral,
  kArticle,
  kCampaign,
};
struct AttributionSum {
  std::string value;
  int64_t sign_ups = 0;
  int64_t payments = 0;
};
// Those with the most sign-ups first.
std::vector<AttributionSum> LoadAttributionSums(db::Transaction& tx, AttributionDimension dimension, absl::Time start,
                                                absl::Time end, int limit);

}  // namespace masthead::memberships

// Starting campaigns: what turns a plan into a message. By an editor's call, and by the clock.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/stream.h"
#include "masthead/articles/v1/newsletter.pb.h"
#include "services/notifications/campaigns/campaign.h"
#include "services/notifications/issues/issue_source.h"

namespace masthead::notifications {

using NewsletterContents = std::vector<articles::v1::NewsletterContent>;

// The campaign's topics, in their order. TOPIC_NOT_FOUND if one of those that it names, to tell or not to tell, is not
// there or deleted.
absl::StatusOr<std::vector<Topic>> CheckTopics(db::Transaction& tx, const Campaign& campaign);

// The same, and TEMPLATE_NOT_FOUND, TEMPLATE_NOT_COMMITTED or REVISION_NOT_FOUND if it could not be rendered now.
absl::StatusOr<std::vector<Topic>> CheckCampaign(db::Transaction& tx, const Campaign& campaign);

// Makes the message of a campaign that `tx` has locked and that has not started, and saves both. AUDIENCE_EMPTY,
// CAMPAIGN_WITHOUT_ARTICLES, and what CheckCampaign says; then nothing was changed.
absl::Status StartCampaign(db::Transaction& tx, events::Feed& feed, Campaign& campaign,
                           const NewsletterContents& contents);

// Makes the second message of a campaign that `tx` has locked and whose test awaits its decision: everybody else gets
// the letter `variant`. What the sample was told of is told again, as it was then.
absl::Status StartRest(db::Transaction& tx, events::Feed& feed, Campaign& campaign, int variant);

// After the campaign was saved.
void AnnounceCampaign(db::Transaction& tx, events::Feed& feed, const Campaign& campaign);
void AnnounceCampaignDeleted(db::Transaction& tx, events::Feed& feed, const Campaign& campaign);

// The clock: starts SCHEDULED campaigns whose time has come, gives up those whose latest time has passed, and decides
// tests by their metrics. Any number of replicas.
class CampaignClock {
 public:
  // `made` is rung when there is something to fan out.
  CampaignClock(db::Database& database, events::Feed& feed, const IssueSource& source, rpc::Bell& made)
      : database_(database), feed_(feed), source_(source), made_(made) {}

  // One round; false if nothing was due.
  absl::StatusOr<bool> Step(const Cancellation& stopping);

 private:
  absl::Status Start(const Scope& scope, const std::string& id);
  absl::Status Decide(const Scope& scope, const std::string& id);

  db::Database& database_;
  events::Feed& feed_;
  const IssueSource& source_;
  rpc::Bell& made_;
};

}  // namespace masthead::notifications

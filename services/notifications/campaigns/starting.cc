#include "services/notifications/campaigns/starting.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/events/announcement.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "common/telemetry/log.h"
#include "masthead/notifications/v1/events.pb.h"
#include "services/notifications/campaigns/campaign_errors.h"
#include "services/notifications/campaigns/campaign_store.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/issues/issue_store.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/routes/route_errors.h"
#include "services/notifications/routes/route_store.h"
#include "services/notifications/templates/template_errors.h"
#include "services/notifications/templates/template_store.h"

namespace masthead::notifications {
namespace {

constexpr int kAtOnce = 20;
constexpr absl::Duration kPauseBetweenLooks = absl::Minutes(1);
constexpr absl::Duration kStartPatience = absl::Seconds(30);

// The revision that is sent: the one that was asked for, or the newest.
absl::StatusOr<int> RevisionOf(db::Transaction& tx, const TemplateReference& letter) {
  ASSIGN_OR_RETURN(const int newest, NewestRevision(tx, letter.id));
  if (letter.revision == 0) return newest;
  if (!LoadRevision(tx, letter.id, letter.revision)) {
    return RevisionNotFound(TemplateRevisionName(letter.id, letter.revision));
  }
  return letter.revision;
}

absl::StatusOr<std::vector<Variant>> VariantsOf(db::Transaction& tx, const Campaign& campaign) {
  const std::vector<int> parts = PerMille(campaign.variants);
  std::vector<Variant> variants;
  for (size_t i = 0; i < campaign.variants.size(); ++i) {
    const TemplateReference& letter = campaign.variants[i].letter.value_or(campaign.letter);
    ASSIGN_OR_RETURN(const int revision, RevisionOf(tx, letter));
    variants.push_back({.number = static_cast<int>(i),
                        .per_mille = parts[i],
                        .template_id = letter.id,
                        .template_revision = revision,
                        .values = campaign.variants[i].values});
  }
  return variants;
}

void Insert(db::Transaction& tx, events::Feed& feed, Campaign& campaign, Message message,
            absl::Span<const Topic> topics, const Audience& audience) {
  message.id = ids::NewUuid();
  InsertMessage(tx, message, topics);
  InsertAudience(tx, message.number, audience);
  AnnounceMessageCreated(tx, feed, message);
  campaign.messages.push_back(std::move(message));
}

void Announce(db::Transaction& tx, events::Feed& feed, const Campaign& campaign, const std::string& state,
              int64_t revision) {
  v1::Event event;
  v1::CampaignChanged& changed = *event.mutable_campaign_changed();
  changed.set_campaign(CampaignName(campaign.id));
  changed.set_state(state);
  if (!campaign.messages.empty()) changed.set_message(MessageName(campaign.messages.back().id));
  events::Announce(
      tx, feed,
      {.type = "campaign.changed", .resource = CampaignName(campaign.id), .revision = revision, .time = db::Now(tx)},
      std::move(event));
}

}  // namespace

absl::StatusOr<std::vector<Topic>> CheckTopics(db::Transaction& tx, const Campaign& campaign) {
  RETURN_IF_ERROR(LoadAllTopics(tx, campaign.audience.all_topics).status());
  RETURN_IF_ERROR(LoadAllTopics(tx, campaign.audience.not_topics).status());
  if (!campaign.route.empty() && !LoadRoute(tx, campaign.route, {})) return RouteNotFound(RouteName(campaign.route));
  return LoadAllTopics(tx, campaign.topics);
}

absl::StatusOr<std::vector<Topic>> CheckCampaign(db::Transaction& tx, const Campaign& campaign) {
  ASSIGN_OR_RETURN(std::vector<Topic> topics, CheckTopics(tx, campaign));
  RETURN_IF_ERROR(RevisionOf(tx, campaign.letter).status());
  RETURN_IF_ERROR(VariantsOf(tx, campaign).status());
  return topics;
}

absl::Status StartCampaign(db::Transaction& tx, events::Feed& feed, Campaign& campaign,
                           const NewsletterContents& contents) {
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, CheckCampaign(tx, campaign));
  ASSIGN_OR_RETURN(const std::vector<Variant> variants, VariantsOf(tx, campaign));
  Message message = MakeCampaignMessage(campaign, topics, db::Now(tx));
  message.dedupe_key = CampaignName(campaign.id);
  message.template_id = campaign.letter.id;
  ASSIGN_OR_RETURN(message.template_revision, RevisionOf(tx, campaign.letter));
  if (!HasFollowers(tx, topics)) return AudienceEmpty();
  if (!campaign.articles.empty() && contents.empty()) return CampaignWithoutArticles(CampaignName(campaign.id));

  Audience audience = campaign.audience;
  audience.end_bucket = campaign.sample_per_mille;
  Insert(tx, feed, campaign, std::move(message), topics, audience);
  InsertVariants(tx, campaign.messages.back().number, variants);
  InsertIssue(tx, campaign.messages.back().number, contents);
  campaign.state = "STARTED";
  if (campaign.awaits_decision() && !campaign.metric.empty())
    campaign.decide_time = db::Now(tx) + campaign.decide_after;
  campaign.failure = "";
  SaveCampaign(tx, campaign);
  AnnounceCampaign(tx, feed, campaign);
  failpoint::Hit("notifications.campaign.started");
  return absl::OkStatus();
}

absl::Status StartRest(db::Transaction& tx, events::Feed& feed, Campaign& campaign, int variant) {
  const Message& sample = campaign.messages.front();
  const std::vector<Variant> variants = LoadVariants(tx, sample.number);
  const Variant& chosen = variants.at(static_cast<size_t>(variant));
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, LoadAllTopics(tx, campaign.topics));
  Message message = MakeCampaignMessage(campaign, topics, db::Now(tx));
  message.dedupe_key = absl::StrCat(CampaignName(campaign.id), "/rest");
  message.template_id = chosen.template_id;
  message.template_revision = chosen.template_revision;
  for (const auto& [name, value] : chosen.values) message.values[name] = value;
  const NewsletterContents contents = ArticlesFromBytes(LoadIssue(tx, sample.number));

  Audience audience = campaign.audience;
  audience.first_bucket = campaign.sample_per_mille;
  Insert(tx, feed, campaign, std::move(message), topics, audience);
  InsertIssue(tx, campaign.messages.back().number, contents);
  campaign.decide_time = std::nullopt;
  SaveCampaign(tx, campaign);
  AnnounceCampaign(tx, feed, campaign);
  return absl::OkStatus();
}

void AnnounceCampaign(db::Transaction& tx, events::Feed& feed, const Campaign& campaign) {
  Announce(tx, feed, campaign, StateOf(campaign), campaign.revision);
}

void AnnounceCampaignDeleted(db::Transaction& tx, events::Feed& feed, const Campaign& campaign) {
  Announce(tx, feed, campaign, /*state=*/"", campaign.revision + 1);
}

absl::StatusOr<bool> CampaignClock::Step(const Cancellation& stopping) {
  const Scope scope = {.deadline = absl::Now() + kStartPatience, .cancellation = &stopping};
  ASSIGN_OR_RETURN(const std::vector<std::string> due,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadDueCampaigns(tx, kAtOnce); }));
  ASSIGN_OR_RETURN(const std::vector<std::string> to_decide,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadCampaignsToDecide(tx, kAtOnce); }));
  // One that cannot start now keeps no other from starting.
  absl::Status first_error;
  for (const std::string& id : due) first_error.Update(Start(scope, id));
  for (const std::string& id : to_decide) first_error.Update(Decide(scope, id));
  RETURN_IF_ERROR(first_error);
  return !due.empty() || !to_decide.empty();
}

absl::Status CampaignClock::Decide(const Scope& scope, const std::string& id) {
  return database_.Write(scope, [&](db::Transaction& tx) -> absl::Status {
    std::optional<Campaign> campaign = LockCampaign(tx, id);
    if (!campaign || !campaign->awaits_decision() || !campaign->decide_time || *campaign->decide_time > db::Now(tx)) {
      return absl::OkStatus();  // Decided or called off meanwhile.
    }
    if (StateOf(*campaign) == "PAUSED") {  // By an editor or the brake: more letters are not what they want now.
      PostponeDecision(tx, id, kPauseBetweenLooks);
      return absl::OkStatus();
    }
    const std::vector<VariantResult> results = LoadVariantResults(tx, *campaign);
    RETURN_IF_ERROR(StartRest(tx, feed_, *campaign, BestVariant(results)));
    tx.AfterCommit([this] { made_.Ring(); });
    return absl::OkStatus();
  });
}

absl::Status CampaignClock::Start(const Scope& scope, const std::string& id) {
  ASSIGN_OR_RETURN(const std::optional<Campaign> planned,
                   database_.Read(scope, [&](db::Transaction& tx) { return LoadCampaign(tx, id); }));
  if (!planned) return absl::OkStatus();
  const absl::StatusOr<NewsletterContents> contents = source_.Ask(scope, planned->articles);
  return database_.Write(scope, [&](db::Transaction& tx) -> absl::Status {
    std::optional<Campaign> campaign = LockCampaign(tx, id);
    const absl::Time now = db::Now(tx);
    // Changed or started meanwhile: another round looks again.
    if (!campaign || campaign->revision != planned->revision || campaign->state != "SCHEDULED") return absl::OkStatus();
    absl::Status started = StartWindowPassed(CampaignName(id));
    if (now <= *campaign->latest_start_time) {
      RETURN_IF_ERROR(contents.status());
      started = StartCampaign(tx, feed_, *campaign, *contents);
    }
    if (!started.ok()) {
      telemetry::Warning("a campaign did not start", {{"campaign", id}, {"why", started.ToString()}});
      campaign->state = "FAILED";
      campaign->failure = std::string(started.message());
      SaveCampaign(tx, *campaign);
      AnnounceCampaign(tx, feed_, *campaign);
      return absl::OkStatus();
    }
    tx.AfterCommit([this] { made_.Ring(); });
    return absl::OkStatus();
  });
}

}  // namespace masthead::notifications

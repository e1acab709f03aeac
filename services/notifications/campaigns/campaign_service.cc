#include "services/notifications/campaigns/campaign_service.h"

#include <iterator>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "services/notifications/campaigns/campaign_errors.h"
#include "services/notifications/campaigns/campaign_proto.h"
#include "services/notifications/campaigns/campaign_store.h"
#include "services/notifications/campaigns/starting.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/estimate_proto.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/messages/watcher.h"

namespace masthead::notifications {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr size_t kMaxCause = 200;
constexpr absl::Duration kFarthestStart = absl::Hours(366 * 24);
constexpr absl::Duration kClockSkew = absl::Minutes(1);  // A caller's "now" is not the past.
constexpr absl::string_view kMutableFields[] = {
    "title",           "headline", "dek",    "byline",   "url",      "contact_address",
    "articles",        "template", "values", "audience", "channels", "local_time",
    "rate_per_minute", "expiry",   "test",   "route"};

absl::StatusOr<std::string> ParseCampaignName(absl::string_view field, absl::string_view name) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, "campaigns/*");
  FieldViolations violations;
  if (!ids) violations.Add(field, "must look like campaigns/{campaign}");
  RETURN_IF_ERROR(violations.ToStatus());
  return ids->front();
}

void CheckNewId(absl::string_view id, FieldViolations& violations) {
  if (!ids::IsResourceId(id)) violations.Add("campaign_id", "must match [a-z]([a-z0-9-]{0,61}[a-z0-9])?");
}

bool IsOneOf(const Campaign& campaign, const std::set<std::string>& states) {
  return states.contains(StateOf(campaign));
}

absl::Status WrongState(const Campaign& campaign) {
  return CampaignState(CampaignName(campaign.id), StateOf(campaign));
}

// The campaign's messages that have not ended, each locked.
std::vector<Message> LockLivingMessages(db::Transaction& tx, const Campaign& campaign) {
  std::vector<Message> living;
  for (const Message& message : campaign.messages) {
    std::optional<Message> locked = LockMessage(tx, message.id);
    if (!HasEnded(*locked)) living.push_back(*std::move(locked));
  }
  return living;
}

void Save(db::Transaction& tx, events::Feed& feed, Campaign& campaign) {
  SaveCampaign(tx, campaign);
  campaign.messages = LoadMessagesOfCampaigns(tx, {campaign.id});
  AnnounceCampaign(tx, feed, campaign);
}

}  // namespace

CampaignService::CampaignService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                                 const IssueSource& source, CampaignBells bells)
    : database_(database),
      feed_(feed),
      page_tokens_(key),
      issue_source_(source),
      bells_(bells),
      service_(*v1::GetCampaignRequest::descriptor()->file()->FindServiceByName("CampaignService")) {
  service_.Unary("GetCampaign", this, &CampaignService::Get);
  service_.Unary("ListCampaigns", this, &CampaignService::List);
  service_.Unary("CreateCampaign", this, &CampaignService::Create);
  service_.Unary("UpdateCampaign", this, &CampaignService::Update);
  service_.Unary("DeleteCampaign", this, &CampaignService::Delete);
  service_.Unary("CloneCampaign", this, &CampaignService::Clone);
  service_.Unary("EstimateAudience", this, &CampaignService::Estimate);
  service_.Unary("ScheduleCampaign", this, &CampaignService::Schedule);
  service_.Unary("UnscheduleCampaign", this, &CampaignService::Unschedule);
  service_.Unary("StartCampaign", this, &CampaignService::Start);
  service_.Unary("PauseCampaign", this, &CampaignService::Pause);
  service_.Unary("ResumeCampaign", this, &CampaignService::Resume);
  service_.Unary("CancelCampaign", this, &CampaignService::Cancel);
  service_.Unary("DecideCampaign", this, &CampaignService::Decide);
  service_.ServerStream("WatchCampaign", this, &CampaignService::Watch, &bells_.progress);
}

absl::StatusOr<v1::Campaign> CampaignService::Get(const Call& call, const v1::GetCampaignRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseCampaignName("name", request.name()));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Campaign> {
    const std::optional<Campaign> campaign = LoadCampaign(tx, id);
    if (!campaign) return CampaignNotFound(request.name());
    return ToProto(*campaign);
  });
}

absl::StatusOr<v1::ListCampaignsResponse> CampaignService::List(const Call& call,
                                                                const v1::ListCampaignsRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  int64_t before = 0;
  if (!keyset.empty() && !absl::SimpleAtoi(keyset[0], &before)) {
    return absl::InternalError("a page token of another keyset");
  }
  ASSIGN_OR_RETURN(const std::vector<Campaign> campaigns, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadCampaigns(tx, before, page_size + 1);
  }));
  v1::ListCampaignsResponse response;
  for (const Campaign& campaign : campaigns) {
    if (response.campaigns_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(campaigns[page_size - 1].number)}));
      break;
    }
    *response.add_campaigns() = ToProto(campaign);
  }
  return response;
}

absl::StatusOr<v1::Campaign> CampaignService::Create(const Call& call, const v1::CreateCampaignRequest& request) {
  FieldViolations violations;
  Campaign wanted;
  wanted.id = request.campaign_id();
  CheckNewId(wanted.id, violations);
  if (!request.has_campaign()) violations.Add("campaign", "is required");
  ParseCampaign(request.campaign(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Campaign>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Campaign> {
        Campaign campaign = wanted;
        RETURN_IF_ERROR(CheckTopics(tx, campaign).status());
        if (!InsertCampaign(tx, campaign)) return CampaignExists(CampaignName(campaign.id));
        change = {.resource = CampaignName(campaign.id), .revision_after = campaign.revision};
        AnnounceCampaign(tx, feed_, campaign);
        return ToProto(campaign);
      });
}

template <typename Request, typename Body>
absl::StatusOr<v1::Campaign> CampaignService::Change(const Call& call, const Request& request, Body body) {
  ASSIGN_OR_RETURN(const std::string id, ParseCampaignName("name", request.name()));
  return idempotency::Mutate<v1::Campaign>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Campaign> {
        std::optional<Campaign> campaign = LockCampaign(tx, id);
        if (!campaign) return CampaignNotFound(request.name());
        change = {
            .resource = request.name(), .revision_before = campaign->revision, .revision_after = campaign->revision};
        RETURN_IF_ERROR(body(tx, *campaign));
        change.revision_after = campaign->revision;
        return ToProto(*campaign);
      });
}

template <typename Request, typename Body>
absl::StatusOr<v1::Campaign> CampaignService::ChangeIfUnchanged(const Call& call, const Request& request, Body body) {
  return Change(call, request, [&](db::Transaction& tx, Campaign& campaign) -> absl::Status {
    RETURN_IF_ERROR(resource::CheckEtag(request.etag(), campaign.revision, request.name()));
    return body(tx, campaign);
  });
}

absl::StatusOr<v1::Campaign> CampaignService::Update(const Call& call, const v1::UpdateCampaignRequest& request) {
  const std::string& name = request.campaign().name();
  ASSIGN_OR_RETURN(const std::string id, ParseCampaignName("campaign.name", name));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.campaign(), kMutableFields, violations);
  Campaign wanted;
  ParseCampaign(request.campaign(), fields, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Campaign>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Campaign> {
        std::optional<Campaign> campaign = LockCampaign(tx, id);
        if (!campaign) return CampaignNotFound(name);
        RETURN_IF_ERROR(resource::CheckEtag(request.campaign().etag(), campaign->revision, name));
        if (campaign->state != "DRAFT") return CampaignNotDraft(name, StateOf(*campaign));
        ParseCampaign(request.campaign(), fields, *campaign, violations);
        RETURN_IF_ERROR(CheckTopics(tx, *campaign).status());
        change = {.resource = name, .revision_before = campaign->revision, .revision_after = 0};
        Save(tx, feed_, *campaign);
        change.revision_after = campaign->revision;
        return ToProto(*campaign);
      });
}

absl::StatusOr<google::protobuf::Empty> CampaignService::Delete(const Call& call,
                                                                const v1::DeleteCampaignRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseCampaignName("name", request.name()));
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request,
      [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        const std::optional<Campaign> campaign = LockCampaign(tx, id);
        if (!campaign) return CampaignNotFound(request.name());
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), campaign->revision, request.name()));
        if (campaign->state != "DRAFT") return CampaignNotDraft(request.name(), StateOf(*campaign));
        change = {.resource = request.name(), .revision_before = campaign->revision};
        RemoveCampaign(tx, *campaign);
        AnnounceCampaignDeleted(tx, feed_, *campaign);
        return google::protobuf::Empty();
      });
}

absl::StatusOr<v1::Campaign> CampaignService::Clone(const Call& call, const v1::CloneCampaignRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseCampaignName("name", request.name()));
  FieldViolations violations;
  CheckNewId(request.campaign_id(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Campaign>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Campaign> {
        const std::optional<Campaign> original = LoadCampaign(tx, id);
        if (!original) return CampaignNotFound(request.name());
        Campaign copy = DraftOf(*original, request.campaign_id());
        if (!InsertCampaign(tx, copy)) return CampaignExists(CampaignName(copy.id));
        change = {.resource = CampaignName(copy.id), .revision_after = copy.revision};
        AnnounceCampaign(tx, feed_, copy);
        return ToProto(copy);
      });
}

absl::StatusOr<v1::EstimateAudienceResponse> CampaignService::Estimate(const Call& call,
                                                                       const v1::EstimateAudienceRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseCampaignName("name", request.name()));
  ASSIGN_OR_RETURN(const AudienceEstimate estimate,
                   database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<AudienceEstimate> {
                     const std::optional<Campaign> campaign = LoadCampaign(tx, id);
                     if (!campaign) return CampaignNotFound(request.name());
                     ASSIGN_OR_RETURN(const std::vector<Topic> topics, CheckTopics(tx, *campaign));
                     return EstimateAudience(tx, topics, campaign->audience, campaign->channels, topics[0].category);
                   }));
  v1::EstimateAudienceResponse response;
  *response.mutable_estimate() = ToProto(estimate);
  return response;
}

absl::StatusOr<v1::Campaign> CampaignService::Schedule(const Call& call, const v1::ScheduleCampaignRequest& request) {
  FieldViolations violations;
  if (!request.has_start_time()) violations.Add("start_time", "is required");
  const absl::Time start = resource::ParseTimestamp("start_time", request.start_time(), violations);
  absl::Time latest = start + kDefaultStartWindow;
  if (request.has_latest_start_time()) {
    latest = resource::ParseTimestamp("latest_start_time", request.latest_start_time(), violations);
  }
  if (latest < start) violations.Add("latest_start_time", "must not be before start_time");
  RETURN_IF_ERROR(violations.ToStatus());
  return ChangeIfUnchanged(call, request, [&](db::Transaction& tx, Campaign& campaign) -> absl::Status {
    if (!IsOneOf(campaign, {"DRAFT", "SCHEDULED"})) return WrongState(campaign);
    const absl::Time now = db::Now(tx);
    if (latest < now) return StartWindowPassed(request.name());
    if (start < now - kClockSkew) violations.Add("start_time", "must not be in the past");
    if (start > now + kFarthestStart) violations.Add("start_time", "must be within a year");
    RETURN_IF_ERROR(violations.ToStatus());
    RETURN_IF_ERROR(CheckCampaign(tx, campaign).status());
    campaign.state = "SCHEDULED";
    campaign.start_time = start;
    campaign.latest_start_time = latest;
    Save(tx, feed_, campaign);
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Campaign> CampaignService::Unschedule(const Call& call,
                                                         const v1::UnscheduleCampaignRequest& request) {
  return ChangeIfUnchanged(call, request, [&](db::Transaction& tx, Campaign& campaign) -> absl::Status {
    if (campaign.state == "DRAFT") return absl::OkStatus();
    if (campaign.state != "SCHEDULED") return WrongState(campaign);
    campaign.state = "DRAFT";
    campaign.start_time = std::nullopt;
    campaign.latest_start_time = std::nullopt;
    Save(tx, feed_, campaign);
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Campaign> CampaignService::Start(const Call& call, const v1::StartCampaignRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseCampaignName("name", request.name()));
  ASSIGN_OR_RETURN(const std::optional<Campaign> planned,
                   database_.Read(call.scope, [&](db::Transaction& tx) { return LoadCampaign(tx, id); }));
  if (!planned) return CampaignNotFound(request.name());
  ASSIGN_OR_RETURN(const NewsletterContents contents, issue_source_.Ask(call.scope, planned->articles));
  return ChangeIfUnchanged(call, request, [&](db::Transaction& tx, Campaign& campaign) -> absl::Status {
    if (!IsOneOf(campaign, {"DRAFT", "SCHEDULED"})) return WrongState(campaign);
    // With the etag `*`, it may say something else than a moment ago.
    RETURN_IF_ERROR(resource::CheckEtag(resource::Etag(planned->revision), campaign.revision, request.name()));
    RETURN_IF_ERROR(StartCampaign(tx, feed_, campaign, contents));
    tx.AfterCommit([this] { bells_.made.Ring(); });
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Campaign> CampaignService::Pause(const Call& call, const v1::PauseCampaignRequest& request) {
  FieldViolations violations;
  if (request.cause().size() > kMaxCause) violations.Add("cause", "must not be longer than 200 bytes");
  RETURN_IF_ERROR(violations.ToStatus());
  return Change(call, request, [&](db::Transaction& tx, Campaign& campaign) -> absl::Status {
    const std::vector<Message> living = LockLivingMessages(tx, campaign);
    if (living.empty()) return WrongState(campaign);
    for (const Message& message : living) {
      if (message.state == "PAUSED") continue;
      PauseMessage(tx, message, request.cause().empty() ? "held by an editor" : request.cause());
      AnnounceMessagePaused(tx, feed_, *LoadMessage(tx, message.id));
    }
    if (StateOf(campaign) != "PAUSED") Save(tx, feed_, campaign);
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Campaign> CampaignService::Resume(const Call& call, const v1::ResumeCampaignRequest& request) {
  return Change(call, request, [&](db::Transaction& tx, Campaign& campaign) -> absl::Status {
    const std::vector<Message> living = LockLivingMessages(tx, campaign);
    if (living.empty()) return WrongState(campaign);
    for (const Message& message : living) {
      if (message.state != "PAUSED") continue;
      const bool ended = ResumeMessage(tx, message).has_value();
      const Message resumed = *LoadMessage(tx, message.id);
      AnnounceMessagePaused(tx, feed_, resumed);
      if (ended) AnnounceMessageEnded(tx, feed_, resumed);
    }
    if (StateOf(campaign) == "PAUSED") Save(tx, feed_, campaign);
    tx.AfterCommit([this] { bells_.progress.Ring(); });
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Campaign> CampaignService::Cancel(const Call& call, const v1::CancelCampaignRequest& request) {
  return Change(call, request, [&](db::Transaction& tx, Campaign& campaign) -> absl::Status {
    if (campaign.state == "CANCELLED") return absl::OkStatus();
    const std::vector<Message> living = LockLivingMessages(tx, campaign);
    if (campaign.state != "SCHEDULED" && living.empty() && !campaign.awaits_decision()) return WrongState(campaign);
    for (const Message& message : living) {
      CancelMessage(tx, message);
      AnnounceMessageEnded(tx, feed_, *LoadMessage(tx, message.id));
    }
    campaign.state = "CANCELLED";
    Save(tx, feed_, campaign);
    tx.AfterCommit([this] { bells_.progress.Ring(); });
    return absl::OkStatus();
  });
}

absl::StatusOr<v1::Campaign> CampaignService::Decide(const Call& call, const v1::DecideCampaignRequest& request) {
  return ChangeIfUnchanged(call, request, [&](db::Transaction& tx, Campaign& campaign) -> absl::Status {
    if (!campaign.awaits_decision()) return WrongState(campaign);
    FieldViolations violations;
    if (request.variant() < 0 || request.variant() >= static_cast<int>(campaign.variants.size())) {
      violations.Add("variant", absl::StrCat("must be 0 to ", campaign.variants.size() - 1));
    }
    RETURN_IF_ERROR(violations.ToStatus());
    RETURN_IF_ERROR(StartRest(tx, feed_, campaign, request.variant()));
    tx.AfterCommit([this] { bells_.made.Ring(); });
    return absl::OkStatus();
  });
}

absl::StatusOr<std::unique_ptr<rpc::Stream<v1::WatchCampaignResponse>>> CampaignService::Watch(
    const Call&, const v1::WatchCampaignRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseCampaignName("name", request.name()));
  using CampaignWatcher = Watcher<v1::WatchCampaignResponse>;
  return std::make_unique<CampaignWatcher>([this, id](const Scope& scope) -> absl::StatusOr<CampaignWatcher::Seen> {
    ASSIGN_OR_RETURN(const std::optional<Campaign> campaign,
                     database_.Read(scope, [&](db::Transaction& tx) { return LoadCampaign(tx, id); }));
    if (!campaign) return CampaignNotFound(CampaignName(id));
    CampaignWatcher::Seen seen = {.response = {}, .settled = HasSettled(*campaign)};
    *seen.response.mutable_campaign() = ToProto(*campaign);
    return seen;
  });
}

}  // namespace masthead::notifications

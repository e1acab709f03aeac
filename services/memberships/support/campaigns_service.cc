#include "services/memberships/support/campaigns_service.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/db/snapshot.h"
#include "common/idempotency/mutation.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/memberships/names.h"
#include "services/memberships/support/campaign_proto.h"
#include "services/memberships/support/campaign_store.h"
#include "services/memberships/support/support_errors.h"

namespace masthead::memberships {
namespace {

constexpr absl::string_view kMutableFields[] = {"display_name", "texts", "goal", "quote", "start_time", "end_time"};
constexpr char kCollection[] = "campaigns";

std::vector<std::string> Keyset(const Campaign& campaign) {
  return {absl::StrCat(absl::ToUnixMicros(campaign.start_time)), campaign.id};
}

std::optional<CampaignCursor> CursorOf(const std::vector<std::string>& keyset) {
  int64_t micros = 0;
  if (keyset.size() != 2 || !absl::SimpleAtoi(keyset[0], &micros)) return std::nullopt;
  return CampaignCursor{absl::FromUnixMicros(micros), keyset[1]};
}

v1::Campaign WithProgress(db::Transaction& tx, const Campaign& campaign, absl::Time now) {
  return ToProto(campaign, LoadProgress(tx, {campaign.id})[campaign.id], now);
}

}  // namespace

CampaignsService::CampaignsService(db::Database& database, const crypto::MacKey& mac_key)
    : database_(database), page_tokens_(mac_key.Derive("memberships.campaigns.page")) {}

void CampaignsService::Register(rpc::Service& support_service) {
  support_service.Unary("CreateCampaign", this, &CampaignsService::Create);
  support_service.Unary("GetCampaign", this, &CampaignsService::Get);
  support_service.Unary("ListCampaigns", this, &CampaignsService::List);
  support_service.Unary("UpdateCampaign", this, &CampaignsService::Update);
  support_service.Unary("EndCampaign", this, &CampaignsService::End);
}

absl::StatusOr<v1::Campaign> CampaignsService::Create(const Call& call, const v1::CreateCampaignRequest& request) {
  FieldViolations violations;
  Campaign wanted;
  wanted.id = ChosenOrNewId("campaign_id", request.campaign_id(), violations);
  ParseFields("campaign", request.campaign(), {std::begin(kMutableFields), std::end(kMutableFields)}, wanted,
              violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Campaign>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Campaign> {
        Campaign campaign = wanted;
        campaign.create_time = campaign.update_time = db::Now(tx);
        if (!request.campaign().has_start_time()) campaign.start_time = campaign.create_time;
        FieldViolations in_campaign;
        CheckCampaign("campaign", campaign, in_campaign);
        RETURN_IF_ERROR(in_campaign.ToStatus());
        if (!InsertCampaign(tx, campaign)) return CampaignExists(campaign.id);
        change = {.resource = CampaignName(campaign.id), .revision_before = 0, .revision_after = campaign.revision};
        return ToProto(campaign, {}, campaign.create_time);
      });
}

absl::StatusOr<v1::Campaign> CampaignsService::Get(const Call& call, const v1::GetCampaignRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), kCollection, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Campaign> {
    db::HoldSnapshot(tx);
    const std::optional<Campaign> campaign = LoadCampaign(tx, id);
    if (!campaign) return CampaignNotFound(id);
    return WithProgress(tx, *campaign, db::Now(tx));
  });
}

absl::StatusOr<v1::ListCampaignsResponse> CampaignsService::List(const Call& call,
                                                                 const v1::ListCampaignsRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), 20, 100));
  ASSIGN_OR_RETURN(const std::vector<std::string> after, page_tokens_.Read(call.caller->principal(), request));

  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListCampaignsResponse> {
    db::HoldSnapshot(tx);
    v1::ListCampaignsResponse response;
    std::vector<Campaign> campaigns = LoadCampaigns(tx, CursorOf(after), page_size + 1);
    if (campaigns.size() > static_cast<size_t>(page_size)) {
      campaigns.pop_back();
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, Keyset(campaigns.back())));
    }
    std::vector<std::string> ids;
    for (const Campaign& campaign : campaigns) ids.push_back(campaign.id);
    const std::map<std::string, CampaignProgress> progress = LoadProgress(tx, ids);
    const absl::Time now = db::Now(tx);
    for (const Campaign& campaign : campaigns) {
      *response.add_campaigns() = ToProto(campaign, progress.at(campaign.id), now);
    }
    return response;
  });
}

absl::StatusOr<v1::Campaign> CampaignsService::Update(const Call& call, const v1::UpdateCampaignRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("campaign.name", request.campaign().name(), kCollection, violations);
  CheckMask(request.update_mask(), violations);
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), request.campaign(), kMutableFields, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Campaign>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Campaign> {
        std::optional<Campaign> campaign = LockCampaign(tx, id);
        if (!campaign) return CampaignNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.campaign().etag(), campaign->revision, CampaignName(id)));
        change = {.resource = CampaignName(id), .revision_before = campaign->revision};
        FieldViolations in_campaign;
        ParseFields("campaign", request.campaign(), fields, *campaign, in_campaign);
        CheckCampaign("campaign", *campaign, in_campaign);
        RETURN_IF_ERROR(in_campaign.ToStatus());
        campaign->update_time = db::Now(tx);
        SaveCampaign(tx, *campaign);
        change.revision_after = campaign->revision;
        return WithProgress(tx, *campaign, campaign->update_time);
      });
}

absl::StatusOr<v1::Campaign> CampaignsService::End(const Call& call, const v1::EndCampaignRequest& request) {
  FieldViolations violations;
  const std::string id = IdIn("name", request.name(), kCollection, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Campaign>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Campaign> {
        std::optional<Campaign> campaign = LockCampaign(tx, id);
        if (!campaign) return CampaignNotFound(id);
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), campaign->revision, CampaignName(id)));
        change = {.resource = CampaignName(id), .revision_before = campaign->revision};
        const absl::Time now = db::Now(tx);
        if (memberships::End(*campaign, now)) {
          campaign->update_time = now;
          SaveCampaign(tx, *campaign);
        }
        change.revision_after = campaign->revision;
        return WithProgress(tx, *campaign, now);
      });
}

}  // namespace masthead::memberships

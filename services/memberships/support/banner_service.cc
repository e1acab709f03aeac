#include "services/memberships/support/banner_service.h"

#include <optional>
#include <string>
#include <utility>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/db/snapshot.h"
#include "services/memberships/members/member.h"
#include "services/memberships/members/member_counter.h"
#include "services/memberships/members/member_counter_store.h"
#include "services/memberships/support/campaign.h"
#include "services/memberships/support/campaign_proto.h"
#include "services/memberships/support/campaign_store.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kFreshness = absl::Seconds(3);
constexpr absl::Duration kMostAge = absl::Seconds(5);

}  // namespace

struct BannerService::Content {
  std::optional<Campaign> campaign;
  CampaignProgress progress;
  std::string members_text;
};

void BannerService::Register(rpc::Service& support_service) {
  support_service.Unary("GetBanner", this, &BannerService::Get);
}

absl::StatusOr<v1::Banner> BannerService::Get(const rpc::Call& call, const v1::GetBannerRequest& request) {
  FieldViolations violations;
  CheckLocale("locale", request.locale(), violations);
  RETURN_IF_ERROR(violations.ToStatus());

  ASSIGN_OR_RETURN(const std::shared_ptr<const Content> content, Current(call.scope));
  v1::Banner banner;
  banner.set_members_text(content->members_text);
  if (!content->campaign) return banner;
  const Campaign& campaign = *content->campaign;
  banner.set_campaign(CampaignName(campaign.id));
  *banner.mutable_text() = ToProto(TextFor(campaign, request.locale()));
  if (campaign.goal) *banner.mutable_goal() = ToProto(*campaign.goal);
  *banner.mutable_progress() = ToProto(content->progress, campaign.goal);
  if (campaign.quote) *banner.mutable_quote() = ToProto(*campaign.quote);
  return banner;
}

absl::StatusOr<std::shared_ptr<const BannerService::Content>> BannerService::Current(const Scope& scope) {
  const absl::Time now = clock_.Now();
  {
    MutexLock lock(mutex_);
    if (now < load_time_ + (loading_ ? kMostAge : kFreshness)) return content_;
    loading_ = true;
  }
  absl::StatusOr<std::shared_ptr<const Content>> loaded = Load(scope);
  MutexLock lock(mutex_);
  loading_ = false;
  RETURN_IF_ERROR(loaded.status());
  content_ = *loaded;
  load_time_ = now;
  return loaded;
}

absl::StatusOr<std::shared_ptr<const BannerService::Content>> BannerService::Load(const Scope& scope) {
  return database_.Read(scope, [](db::Transaction& tx) {
    db::HoldSnapshot(tx);
    auto content = std::make_shared<Content>();
    content->campaign = LoadRunningCampaign(tx, db::Now(tx));
    if (content->campaign) {
      const std::string& id = content->campaign->id;
      content->progress = LoadProgress(tx, {id}).at(id);
    }
    content->members_text = BannerText(LoadMemberCount(tx));
    return std::shared_ptr<const Content>(std::move(content));
  });
}

}  // namespace masthead::memberships

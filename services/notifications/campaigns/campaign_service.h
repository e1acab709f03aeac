// The face of campaigns.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/campaign_service.pb.h"
#include "services/notifications/campaigns/campaign.h"
#include "services/notifications/issues/issue_source.h"

namespace masthead::notifications {

// The bells that a change of a campaign's messages rings.
struct CampaignBells {
  rpc::Bell& made;      // There is something to fan out.
  rpc::Bell& progress;  // There is something to send, or to watch.
};

class CampaignService {
 public:
  // All of these outlive this.
  CampaignService(db::Database& database, events::Feed& feed, const crypto::MacKey& key, const IssueSource& source,
                  CampaignBells bells);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Campaign> Get(const Call&, const v1::GetCampaignRequest&);
  absl::StatusOr<v1::ListCampaignsResponse> List(const Call&, const v1::ListCampaignsRequest&);
  absl::StatusOr<v1::Campaign> Create(const Call&, const v1::CreateCampaignRequest&);
  absl::StatusOr<v1::Campaign> Update(const Call&, const v1::UpdateCampaignRequest&);
  absl::StatusOr<google::protobuf::Empty> Delete(const Call&, const v1::DeleteCampaignRequest&);
  absl::StatusOr<v1::Campaign> Clone(const Call&, const v1::CloneCampaignRequest&);
  absl::StatusOr<v1::EstimateAudienceResponse> Estimate(const Call&, const v1::EstimateAudienceRequest&);
  absl::StatusOr<v1::Campaign> Schedule(const Call&, const v1::ScheduleCampaignRequest&);
  absl::StatusOr<v1::Campaign> Unschedule(const Call&, const v1::UnscheduleCampaignRequest&);
  absl::StatusOr<v1::Campaign> Start(const Call&, const v1::StartCampaignRequest&);
  absl::StatusOr<v1::Campaign> Pause(const Call&, const v1::PauseCampaignRequest&);
  absl::StatusOr<v1::Campaign> Resume(const Call&, const v1::ResumeCampaignRequest&);
  absl::StatusOr<v1::Campaign> Cancel(const Call&, const v1::CancelCampaignRequest&);
  absl::StatusOr<v1::Campaign> Decide(const Call&, const v1::DecideCampaignRequest&);
  absl::StatusOr<std::unique_ptr<rpc::Stream<v1::WatchCampaignResponse>>> Watch(const Call&,
                                                                                const v1::WatchCampaignRequest&);

  // Locks the campaign that `request.name()` names and lets `body(tx, campaign)` change it, once for a request_id.
  template <typename Request, typename Body>
  absl::StatusOr<v1::Campaign> Change(const Call& call, const Request& request, Body body);
  // The same, where the request has an etag.
  template <typename Request, typename Body>
  absl::StatusOr<v1::Campaign> ChangeIfUnchanged(const Call& call, const Request& request, Body body);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
  const IssueSource& issue_source_;
  const CampaignBells bells_;
  rpc::Service service_;
};

}  // namespace masthead::notifications

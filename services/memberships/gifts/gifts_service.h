// GiftsService: what becomes of gifts once they are paid.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/gifts_service.pb.h"

namespace masthead::memberships {

class GiftsService {
 public:
  GiftsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key, absl::TimeZone newsroom_zone);

  // Binds every RPC of GiftsService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::GiftPreview> Preview(const Call& call, const v1::PreviewGiftRequest& request);
  absl::StatusOr<v1::Gift> Redeem(const Call& call, const v1::RedeemGiftRequest& request);
  absl::StatusOr<v1::Gift> Get(const Call& call, const v1::GetGiftRequest& request);
  absl::StatusOr<v1::ListGiftsResponse> List(const Call& call, const v1::ListGiftsRequest& request);
  absl::StatusOr<v1::Gift> UpdateDelivery(const Call& call, const v1::UpdateGiftDeliveryRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const absl::TimeZone newsroom_zone_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships

// SubscriptionsService: what members have for money. Each change locks the member, then the subscription, asks the
// state machine, and stores the move with what it costs in one transaction.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/idempotency/mutation.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/subscriptions_service.pb.h"
#include "services/memberships/names.h"
#include "services/memberships/subscriptions/subscription.h"

namespace masthead::memberships {

class PaidSubscriptionsService {
 public:
  PaidSubscriptionsService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key);

  // Binds the RPCs about subscriptions that are paid for.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Subscription> Get(const Call& call, const v1::GetSubscriptionRequest& request);
  absl::StatusOr<v1::ListSubscriptionsResponse> List(const Call& call, const v1::ListSubscriptionsRequest& request);
  absl::StatusOr<v1::ChangeSubscriptionResponse> Change(const Call& call, const v1::ChangeSubscriptionRequest& request);
  absl::StatusOr<v1::Subscription> Cancel(const Call& call, const v1::CancelSubscriptionRequest& request);
  absl::StatusOr<v1::Subscription> Resume(const Call& call, const v1::ResumeSubscriptionRequest& request);
  absl::StatusOr<v1::Subscription> Pause(const Call& call, const v1::PauseSubscriptionRequest& request);
  absl::StatusOr<v1::Subscription> ApplyOffer(const Call& call, const v1::ApplyOfferRequest& request);

  // Locks what `request` is about, checks its etag, and runs `body`, which moves and stores the subscription.
  template <typename Response, typename Request>
  absl::StatusOr<Response> Mutate(
      const Call& call, const Request& request, const ChildId& id,
      absl::FunctionRef<absl::StatusOr<Response>(db::Transaction&, Subscription&, absl::Time)> body);

  db::Database& database_;
  events::Feed& feed_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships

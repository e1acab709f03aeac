// SubscriptionsService: bringing along what a provider's own engine bills.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/subscriptions_service.pb.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

class AdoptingService {
 public:
  // All arguments outlive this.
  AdoptingService(db::Database& database, events::Feed& feed, const Providers& providers)
      : database_(database), feed_(feed), providers_(providers) {}

  // Binds AdoptSubscription.
  void Register(rpc::Service& service);

 private:
  absl::StatusOr<v1::Subscription> Adopt(const rpc::Call& call, const v1::AdoptSubscriptionRequest& request);

  db::Database& database_;
  events::Feed& feed_;
  const Providers& providers_;
};

}  // namespace masthead::memberships

// BillingService: buying.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/billing_service.pb.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

class CheckoutsService {
 public:
  // Buyers may be sent back to `origins` alone, such as `https://news.example`. All arguments outlive this.
  CheckoutsService(db::Database& database, events::Feed& feed, const Providers& providers,
                   std::vector<std::string> origins);

  // Binds the RPCs of BillingService that are about checkouts.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Checkout> Create(const Call& call, const v1::CreateCheckoutRequest& request);
  absl::StatusOr<v1::Checkout> Get(const Call& call, const v1::GetCheckoutRequest& request);
  absl::StatusOr<v1::Checkout> Expire(const Call& call, const v1::ExpireCheckoutRequest& request);

  // The provider's page, if it is not there yet.
  absl::StatusOr<v1::Checkout> WithPage(const Call& call, const std::string& id);

  db::Database& database_;
  events::Feed& feed_;
  const Providers& providers_;
  const std::vector<std::string> origins_;
};

}  // namespace masthead::memberships

// The face of deliveries: who was told, who was not, and why.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/delivery_service.pb.h"

namespace masthead::notifications {

class DeliveryService {
 public:
  // `domain` is that of Message-IDs; `work` is rung when deliveries became due.
  DeliveryService(db::Database& database, const crypto::MacKey& key, std::string domain, rpc::Bell& work);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::Delivery> Get(const Call&, const v1::GetDeliveryRequest&);
  absl::StatusOr<v1::ListDeliveriesResponse> List(const Call&, const v1::ListDeliveriesRequest&);
  absl::StatusOr<v1::ListExclusionsResponse> ListExclusions(const Call&, const v1::ListExclusionsRequest&);
  absl::StatusOr<v1::ResolveUncertainDeliveriesResponse> Resolve(const Call&,
                                                                 const v1::ResolveUncertainDeliveriesRequest&);
  absl::StatusOr<v1::ListDeadLettersResponse> ListDeadLetters(const Call&, const v1::ListDeadLettersRequest&);
  absl::StatusOr<v1::ReplayDeadLettersResponse> ReplayDeadLetters(const Call&, const v1::ReplayDeadLettersRequest&);
  absl::StatusOr<v1::RetryFailedDeliveriesResponse> RetryFailedDeliveries(const Call&,
                                                                          const v1::RetryFailedDeliveriesRequest&);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
  const std::string domain_;
  rpc::Bell& work_;
  rpc::Service service_;
};

}  // namespace masthead::notifications

#include "services/notifications/messages/estimate_proto.h"

namespace masthead::notifications {

v1::AudienceEstimate ToProto(const AudienceEstimate& estimate) {
  v1::AudienceEstimate proto;
  proto.set_candidates(estimate.candidates);
  proto.set_deliveries(estimate.deliveries);
  for (const auto& [reason, count] : estimate.exclusions) {
    v1::AudienceEstimate::Exclusions& exclusions = *proto.add_exclusions();
    exclusions.set_reason(reason);
    exclusions.set_count(count);
  }
  return proto;
}

}  // namespace masthead::notifications

// Estimates of audiences on the wire.
#pragma once

#include "masthead/notifications/v1/audience_estimate.pb.h"
#include "services/notifications/messages/audience.h"

namespace masthead::notifications {

v1::AudienceEstimate ToProto(const AudienceEstimate& estimate);

}  // namespace masthead::notifications

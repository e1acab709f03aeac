// Deliveries and exclusions on the wire.
#pragma once

#include "absl/strings/string_view.h"
#include "masthead/notifications/v1/delivery.pb.h"
#include "masthead/notifications/v1/exclusion.pb.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {

// `domain` is that of Message-IDs.
v1::Delivery ToProto(const Delivery& delivery, absl::string_view domain);
v1::Exclusion ToProto(const Exclusion& exclusion);

}  // namespace masthead::notifications

// A mail provider's event, from the wire.
#pragma once

#include "common/base/errors.h"
#include "masthead/notifications/v1/feedback_service.pb.h"
#include "services/notifications/feedback/feedback.h"

namespace masthead::notifications {

// What is wrong with the request goes to `violations`, but for how the event names its delivery.
Feedback ParseProviderEvent(const v1::IngestProviderEventRequest& request, FieldViolations& violations);

}  // namespace masthead::notifications

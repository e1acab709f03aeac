// Mail providers' events, from the wire.
#pragma once

#include "common/base/errors.h"
#include "masthead/notifications/v1/feedback_service.pb.h"
#include "services/notifications/engagement/engagement.h"
#include "services/notifications/feedback/feedback.h"

namespace masthead::notifications {

// What is wrong with the requests goes to `violations`, but for how they name their delivery.
Feedback ParseProviderEvent(const v1::IngestProviderEventRequest& request, FieldViolations& violations);
Engagement ParseEngagement(const v1::RecordEngagementRequest& request, FieldViolations& violations);

}  // namespace masthead::notifications

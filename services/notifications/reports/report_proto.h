// Reports on the wire; their names are the caller's.
#pragma once

#include "masthead/notifications/v1/report_service.pb.h"
#include "services/notifications/reports/report.h"

namespace masthead::notifications {

v1::MessageReport ToProto(const MessageReport& report);
v1::TopicReport ToProto(const TopicReport& report);

}  // namespace masthead::notifications

#include "services/notifications/reports/report_service.h"

#include <optional>
#include <string>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/reports/report_proto.h"
#include "services/notifications/reports/report_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kUsualSpan = absl::Hours(30 * 24);
constexpr absl::Duration kLongestSpan = absl::Hours(366 * 24);

struct Span {
  absl::Time start_time;
  absl::Time end_time;
};

// `now` stands in for what the request leaves out.
absl::StatusOr<Span> SpanOf(const v1::GetTopicReportRequest& request, absl::Time now) {
  FieldViolations violations;
  Span span;
  span.end_time = request.has_end_time() ? resource::ParseTimestamp("end_time", request.end_time(), violations) : now;
  span.start_time = request.has_start_time() ? resource::ParseTimestamp("start_time", request.start_time(), violations)
                                             : span.end_time - kUsualSpan;
  if (violations.empty() && (span.start_time >= span.end_time || span.end_time - span.start_time > kLongestSpan)) {
    violations.Add("start_time", "must be before end_time, by at most 366 days");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return span;
}

}  // namespace

ReportService::ReportService(db::Database& database)
    : database_(database),
      service_(*v1::GetMessageReportRequest::descriptor()->file()->FindServiceByName("ReportService")) {
  service_.Unary("GetMessageReport", this, &ReportService::GetMessageReport);
  service_.Unary("GetTopicReport", this, &ReportService::GetTopicReport);
}

absl::StatusOr<v1::MessageReport> ReportService::GetMessageReport(const Call& call,
                                                                  const v1::GetMessageReportRequest& request) {
  FieldViolations violations;
  const auto ids = resource::ParseName(request.name(), "messages/*/report");
  if (!ids) violations.Add("name", "must look like messages/{message}/report");
  RETURN_IF_ERROR(violations.ToStatus());
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::MessageReport> {
    const std::optional<Message> message = LoadMessage(tx, (*ids)[0]);
    if (!message) return MessageNotFound(MessageName((*ids)[0]));
    v1::MessageReport report = ToProto(LoadMessageReport(tx, *message));
    report.set_name(request.name());
    return report;
  });
}

absl::StatusOr<v1::TopicReport> ReportService::GetTopicReport(const Call& call,
                                                              const v1::GetTopicReportRequest& request) {
  FieldViolations violations;
  const auto ids = resource::ParseName(request.name(), "topics/*/report");
  if (!ids) violations.Add("name", "must look like topics/{topic}/report");
  RETURN_IF_ERROR(violations.ToStatus());
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::TopicReport> {
    ASSIGN_OR_RETURN(const Span span, SpanOf(request, db::Now(tx)));
    const std::optional<Topic> topic = LoadTopic(tx, (*ids)[0]);
    if (!topic) return TopicNotFound(TopicName((*ids)[0]));
    v1::TopicReport report = ToProto(LoadTopicReport(tx, topic->number, span.start_time, span.end_time));
    report.set_name(request.name());
    *report.mutable_start_time() = resource::ToTimestamp(span.start_time);
    *report.mutable_end_time() = resource::ToTimestamp(span.end_time);
    return report;
  });
}

}  // namespace masthead::notifications

// The face of reports.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/rpc/service.h"
#include "masthead/notifications/v1/report_service.pb.h"

namespace masthead::notifications {

class ReportService {
 public:
  // `database` outlives this.
  explicit ReportService(db::Database& database);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::MessageReport> GetMessageReport(const Call&, const v1::GetMessageReportRequest&);
  absl::StatusOr<v1::TopicReport> GetTopicReport(const Call&, const v1::GetTopicReportRequest&);

  db::Database& database_;
  rpc::Service service_;
};

}  // namespace masthead::notifications

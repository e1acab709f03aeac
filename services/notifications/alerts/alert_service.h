// The face of alerts that editors send.
#pragma once

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/service.h"
#include "common/rpc/stream.h"
#include "masthead/notifications/v1/alert_service.pb.h"
#include "services/notifications/alerts/alert_source.h"

namespace masthead::notifications {

class AlertService {
 public:
  // `feed`, `source` and `made` (rung after a message was made) outlive this.
  AlertService(db::Database& database, events::Feed& feed, const AlertSource& source, rpc::Bell& made);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::PublishAlertResponse> Publish(const Call&, const v1::PublishAlertRequest&);

  db::Database& database_;
  events::Feed& feed_;
  const AlertSource& source_;
  rpc::Bell& made_;
  rpc::Service service_;
};

}  // namespace masthead::notifications

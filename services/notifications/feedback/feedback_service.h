// The face of what mail servers and mail providers tell.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/service.h"
#include "masthead/notifications/v1/feedback_service.pb.h"
#include "services/notifications/feedback/ingest.h"

namespace masthead::notifications {

class FeedbackService {
 public:
  // All of them outlive this.
  FeedbackService(db::Database& database, events::Feed& feed, const mail::VerpTokens& return_paths,
                  const mail::UnsubscribeTokens& unsubscribe_tokens);

  const rpc::Service& service() const { return service_; }

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::IngestedFeedback> IngestDsn(const Call&, const v1::IngestDsnRequest&);
  absl::StatusOr<v1::IngestedFeedback> IngestComplaint(const Call&, const v1::IngestComplaintRequest&);
  absl::StatusOr<v1::IngestedFeedback> IngestProviderEvent(const Call&, const v1::IngestProviderEventRequest&);
  absl::StatusOr<v1::IngestedFeedback> RecordEngagement(const Call&, const v1::RecordEngagementRequest&);

  // A report by mail: `feedback` is null if it changes nothing whatever it is about.
  template <typename Request>
  absl::StatusOr<v1::IngestedFeedback> IngestReport(const Call& call, const Request& request, const Clues& clues,
                                                    const Feedback* feedback);

  db::Database& database_;
  const Ingest ingest_;
  rpc::Service service_;
};

}  // namespace masthead::notifications

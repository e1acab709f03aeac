// Keeps the projection of the audience in step with memberships: every event about a member brings the member's whole
// entry, asked for in batches outside any transaction. A first start, and a cursor that memberships no longer takes,
// rebuild the projection from the export.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "common/base/mutex.h"
#include "common/db/database.h"
#include "common/events/consumer.h"
#include "grpcpp/channel.h"
#include "masthead/memberships/v1/events_service.grpc.pb.h"
#include "masthead/memberships/v1/members_service.grpc.pb.h"
#include "services/notifications/audience/audience_store.h"

namespace masthead::notifications {

class AudienceFollower {
 public:
  // `database` outlives this.
  AudienceFollower(db::Database& database, std::shared_ptr<grpc::Channel> memberships);

  // For events::Consumer; one thread at a time. This outlives the consumer.
  events::ConsumerOptions Options();

  // Breaks off a rebuild under way, and every later one; before the consumer is stopped.
  void Stop();

 private:
  std::unique_ptr<events::SourceStream> Open(grpc::ClientContext& context, const std::string& cursor);
  absl::Status Prepare(const Scope& scope, const events::SourceBatch& batch);
  absl::Status Apply(db::Transaction& tx, const events::Record& event);
  absl::StatusOr<std::string> Rebuild();
  // Saves what the export names; gives its cursor.
  absl::StatusOr<std::string> SaveExport(grpc::ClientContext& context);
  absl::Status EraseUnseenSince(absl::Time time);

  db::Database& database_;
  const std::unique_ptr<memberships::v1::EventsService::Stub> events_;
  const std::unique_ptr<memberships::v1::MembersService::Stub> members_;
  // What the current batch's members are like, by member ID; none for those who are gone.
  std::map<std::string, std::optional<AudienceEntry>> entries_;

  Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::ClientContext* export_ ABSL_GUARDED_BY(mutex_) = nullptr;  // Under way.
};

}  // namespace masthead::notifications

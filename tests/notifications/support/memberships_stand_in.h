// Speaks the protos of memberships as far as notifications asks, from memory. The real one is met in tests/e2e.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "grpcpp/channel.h"
#include "grpcpp/server.h"
#include "masthead/memberships/v1/events_service.grpc.pb.h"
#include "masthead/memberships/v1/members_service.grpc.pb.h"

namespace masthead::notifications {

class MembershipsStandIn final : public memberships::v1::EventsService::Service,
                                 public memberships::v1::MembersService::Service {
 public:
  MembershipsStandIn();
  ~MembershipsStandIn() override;

  std::shared_ptr<grpc::Channel> channel() const { return channel_; }

  // Each tells of the change by an event.
  void Register(const std::string& id, const std::string& email, const std::string& locale = "",
                const std::vector<std::string>& tiers = {});
  void Consent(const std::string& id, const std::string& topic, bool granted, absl::Time when = absl::Now());
  void Remove(const std::string& id);

  // Adds the member without an event, as if it had happened before the feed's beginning.
  void RegisterSilently(const std::string& id, const std::string& email);
  void ConsentSilently(const std::string& id, const std::string& topic);
  void RemoveSilently(const std::string& id);
  // From now on every cursor handed out before is refused.
  void ForgetHistory();

  int exports() const { return exports_; }
  // How many events the members' feed has had.
  size_t events();

 private:
  grpc::Status WatchEvents(grpc::ServerContext* context, const memberships::v1::WatchEventsRequest* request,
                           grpc::ServerWriter<memberships::v1::WatchEventsResponse>* writer) override;
  grpc::Status BatchGetAudienceMembers(grpc::ServerContext* context,
                                       const memberships::v1::BatchGetAudienceMembersRequest* request,
                                       memberships::v1::BatchGetAudienceMembersResponse* response) override;
  grpc::Status ExportAudience(grpc::ServerContext* context, const memberships::v1::ExportAudienceRequest* request,
                              grpc::ServerWriter<memberships::v1::ExportAudienceResponse>* writer) override;

  void Tell(const std::string& member, const std::string& type) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SaveConsent(const std::string& member, const std::string& topic, bool granted, absl::Time when)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::atomic<bool> stopping_ = false;
  std::atomic<int> exports_ = 0;
  Mutex mutex_;
  size_t oldest_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<memberships::v1::Event> events_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, memberships::v1::AudienceMember> members_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace masthead::notifications

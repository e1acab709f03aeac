#include "tests/notifications/support/memberships_stand_in.h"

#include <chrono>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/ids/uuid.h"
#include "common/rpc/channel.h"
#include "google/protobuf/util/time_util.h"
#include "grpcpp/server_builder.h"

namespace masthead::notifications {

MembershipsStandIn::MembershipsStandIn() {
  grpc::ServerBuilder builder;
  builder.RegisterService(static_cast<memberships::v1::EventsService::Service*>(this));
  builder.RegisterService(static_cast<memberships::v1::MembersService::Service*>(this));
  server_ = builder.BuildAndStart();
  channel_ = server_->InProcessChannel({});
}

MembershipsStandIn::~MembershipsStandIn() {
  stopping_ = true;
  server_->Shutdown(std::chrono::system_clock::now());
}

void MembershipsStandIn::Register(const std::string& id, const std::string& email, const std::string& locale,
                                  const std::vector<std::string>& tiers) {
  MutexLock lock(mutex_);
  const std::string name = absl::StrCat("members/", id);
  memberships::v1::AudienceMember& member = members_[name];
  member.set_member(name);
  member.set_email(email);
  member.set_locale(locale);
  *member.mutable_tiers() = {tiers.begin(), tiers.end()};
  Tell(name, "member.created");
}

void MembershipsStandIn::Consent(const std::string& id, const std::string& topic, bool granted, absl::Time when) {
  MutexLock lock(mutex_);
  SaveConsent(absl::StrCat("members/", id), topic, granted, when);
  Tell(absl::StrCat("members/", id), "consent.changed");
}

void MembershipsStandIn::Remove(const std::string& id) {
  MutexLock lock(mutex_);
  members_.erase(absl::StrCat("members/", id));
  Tell(absl::StrCat("members/", id), "member.deleted");
}

void MembershipsStandIn::RegisterSilently(const std::string& id, const std::string& email) {
  MutexLock lock(mutex_);
  memberships::v1::AudienceMember& member = members_[absl::StrCat("members/", id)];
  member.set_member(absl::StrCat("members/", id));
  member.set_email(email);
}

void MembershipsStandIn::ConsentSilently(const std::string& id, const std::string& topic) {
  MutexLock lock(mutex_);
  SaveConsent(absl::StrCat("members/", id), topic, true, absl::Now());
}

void MembershipsStandIn::RemoveSilently(const std::string& id) {
  MutexLock lock(mutex_);
  members_.erase(absl::StrCat("members/", id));
}

void MembershipsStandIn::ForgetHistory() {
  MutexLock lock(mutex_);
  Tell("memberCounter", "milestone.reached");
  oldest_ = events_.size();
}

size_t MembershipsStandIn::events() {
  MutexLock lock(mutex_);
  return events_.size();
}

void MembershipsStandIn::Tell(const std::string& member, const std::string& type) {
  memberships::v1::Event event;
  event.set_event_id(ids::NewUuid());
  *event.mutable_event_time() = google::protobuf::util::TimeUtil::GetCurrentTime();
  event.set_type(type);
  event.set_resource(member);
  event.set_revision(static_cast<int64_t>(events_.size()) + 1);
  events_.push_back(event);
}

void MembershipsStandIn::SaveConsent(const std::string& member, const std::string& topic, bool granted,
                                     absl::Time when) {
  memberships::v1::AudienceMember& entry = members_[member];
  memberships::v1::AudienceConsent* consent = nullptr;
  for (memberships::v1::AudienceConsent& known : *entry.mutable_consents()) {
    if (known.topic() == absl::StrCat("topics/", topic)) consent = &known;
  }
  if (consent == nullptr) consent = entry.add_consents();
  consent->set_topic(absl::StrCat("topics/", topic));
  consent->set_granted(granted);
  *consent->mutable_record_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(absl::ToUnixMicros(when));
}

grpc::Status MembershipsStandIn::WatchEvents(grpc::ServerContext* context,
                                             const memberships::v1::WatchEventsRequest* request,
                                             grpc::ServerWriter<memberships::v1::WatchEventsResponse>* writer) {
  size_t next = 0;
  if (!request->after_cursor().empty() && !absl::SimpleAtoi(request->after_cursor(), &next))
    return grpc::Status::CANCELLED;
  while (!stopping_ && !context->IsCancelled()) {
    memberships::v1::WatchEventsResponse response;
    {
      MutexLock lock(mutex_);
      if (next < oldest_) {
        return rpc::ToGrpcStatus(
            MakeError(absl::StatusCode::kOutOfRange, "gone",
                      {kCommonErrorDomain, "CURSOR_EXPIRED", {{"oldest_cursor", absl::StrCat(oldest_)}}}));
      }
      for (; next < events_.size(); ++next) {
        *response.add_events() = events_[next];
        response.mutable_events()->rbegin()->set_cursor(absl::StrCat(next + 1));
      }
    }
    response.set_cursor(absl::StrCat(next));
    if (response.events_size() > 0 && !writer->Write(response)) break;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return grpc::Status::OK;
}

grpc::Status MembershipsStandIn::BatchGetAudienceMembers(grpc::ServerContext*,
                                                         const memberships::v1::BatchGetAudienceMembersRequest* request,
                                                         memberships::v1::BatchGetAudienceMembersResponse* response) {
  MutexLock lock(mutex_);
  for (const std::string& name : request->names()) {
    const auto found = members_.find(name);
    if (found != members_.end()) *response->add_members() = found->second;
  }
  return grpc::Status::OK;
}

grpc::Status MembershipsStandIn::ExportAudience(grpc::ServerContext*, const memberships::v1::ExportAudienceRequest*,
                                                grpc::ServerWriter<memberships::v1::ExportAudienceResponse>* writer) {
  ++exports_;
  memberships::v1::ExportAudienceResponse members, last;
  {
    MutexLock lock(mutex_);
    for (const auto& [name, member] : members_) *members.add_members() = member;
    last.set_cursor(absl::StrCat(events_.size()));
  }
  if (members.members_size() > 0) writer->Write(members);
  writer->Write(last);
  return grpc::Status::OK;
}

}  // namespace masthead::notifications

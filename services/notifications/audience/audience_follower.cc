#include "services/notifications/audience/audience_follower.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/rpc/channel.h"
#include "common/telemetry/log.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {
namespace {

constexpr int kMembersPerCall = 1000;
constexpr int kErasedPerTransaction = 1000;
constexpr absl::Duration kCallPatience = absl::Seconds(20);
constexpr absl::Duration kExportPatience = absl::Hours(2);
constexpr absl::Duration kTransactionPatience = absl::Seconds(30);

Scope Patience(absl::Duration patience) { return {.deadline = absl::Now() + patience}; }

// Says at once that there is nothing to resume from: the feed alone does not tell of members older than it.
class NoHistory final : public events::SourceStream {
 public:
  bool Read(events::SourceBatch&) override { return false; }
  absl::Status Finish() override {
    return MakeError(absl::StatusCode::kOutOfRange, "the projection has never been built",
                     {kCommonErrorDomain, "CURSOR_EXPIRED", {{"oldest_cursor", "export"}}});
  }
};

std::string MemberIdOf(absl::string_view name) {
  return absl::ConsumePrefix(&name, "members/") && !absl::StrContains(name, '/') ? std::string(name) : "";
}

AudienceEntry FromProto(const memberships::v1::AudienceMember& member) {
  AudienceEntry entry = {.member_id = MemberIdOf(member.member()),
                         .email = member.email(),
                         .locale = member.locale(),
                         .time_zone = member.time_zone(),
                         .tiers = {member.tiers().begin(), member.tiers().end()},
                         .consents = {}};
  for (const memberships::v1::AudienceConsent& consent : member.consents()) {
    std::string topic = TopicIdOf(consent.topic());
    if (topic.empty()) continue;
    const auto& time = consent.record_time();
    entry.consents.push_back({.topic_id = std::move(topic),
                              .granted = consent.granted(),
                              .record_time = absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos())});
  }
  return entry;
}

}  // namespace

AudienceFollower::AudienceFollower(db::Database& database, std::shared_ptr<grpc::Channel> memberships)
    : database_(database),
      events_(memberships::v1::EventsService::NewStub(memberships)),
      members_(memberships::v1::MembersService::NewStub(memberships)) {}

events::ConsumerOptions AudienceFollower::Options() {
  return {.source = "memberships",
          .open = [this](grpc::ClientContext& context, const std::string& cursor) { return Open(context, cursor); },
          .apply = [this](db::Transaction& tx, const events::Record& event) { return Apply(tx, event); },
          .prepare = [this](const Scope& scope, const events::SourceBatch& batch) { return Prepare(scope, batch); },
          .rebuild = [this] { return Rebuild(); }};
}

std::unique_ptr<events::SourceStream> AudienceFollower::Open(grpc::ClientContext& context, const std::string& cursor) {
  if (cursor.empty()) return std::make_unique<NoHistory>();
  memberships::v1::WatchEventsRequest request;
  request.set_after_cursor(cursor);
  return std::make_unique<events::ReaderStream<memberships::v1::WatchEventsResponse>>(
      events_->WatchEvents(&context, request));
}

absl::Status AudienceFollower::Prepare(const Scope& scope, const events::SourceBatch& batch) {
  entries_.clear();
  for (const events::Record& event : batch.records) {
    const std::string member = MemberIdOf(event.resource);
    if (!member.empty()) entries_.emplace(member, std::nullopt);
  }
  for (auto next = entries_.begin(); next != entries_.end();) {
    memberships::v1::BatchGetAudienceMembersRequest request;
    for (; next != entries_.end() && request.names_size() < kMembersPerCall; ++next)
      request.add_names(MemberName(next->first));
    memberships::v1::BatchGetAudienceMembersResponse response;
    grpc::ClientContext context;
    rpc::Prepare(context, std::min(scope.deadline, absl::Now() + kCallPatience));
    RETURN_IF_ERROR(rpc::FromGrpcStatus(members_->BatchGetAudienceMembers(&context, request, &response)));
    for (const memberships::v1::AudienceMember& member : response.members()) {
      AudienceEntry entry = FromProto(member);
      entries_[entry.member_id] = std::move(entry);
    }
  }
  return absl::OkStatus();
}

absl::Status AudienceFollower::Apply(db::Transaction& tx, const events::Record& event) {
  const std::string member = MemberIdOf(event.resource);
  if (member.empty()) return absl::OkStatus();
  const auto found = entries_.find(member);
  if (found == entries_.end()) return absl::UnavailableError("the batch's members were not asked for");
  if (found->second) {
    SaveAudience(tx, {*found->second});
  } else {
    EraseMembers(tx, {member});
  }
  return absl::OkStatus();
}

void AudienceFollower::Stop() {
  MutexLock lock(mutex_);
  stopping_ = true;
  if (export_ != nullptr) export_->TryCancel();
}

absl::StatusOr<std::string> AudienceFollower::Rebuild() {
  ASSIGN_OR_RETURN(const absl::Time start, database_.Read(Patience(kTransactionPatience), db::Now));
  grpc::ClientContext context;
  {
    MutexLock lock(mutex_);
    if (stopping_) return absl::CancelledError("stopping");
    export_ = &context;
  }
  absl::StatusOr<std::string> cursor = SaveExport(context);
  {
    MutexLock lock(mutex_);
    export_ = nullptr;
  }
  RETURN_IF_ERROR(cursor.status());
  RETURN_IF_ERROR(EraseUnseenSince(start));
  return cursor;
}

absl::StatusOr<std::string> AudienceFollower::SaveExport(grpc::ClientContext& context) {
  rpc::Prepare(context, absl::Now() + kExportPatience);
  auto reader = members_->ExportAudience(&context, memberships::v1::ExportAudienceRequest());
  memberships::v1::ExportAudienceResponse response;
  std::string cursor;
  int64_t members = 0;
  absl::Status saved;
  while (saved.ok() && reader->Read(&response)) {
    std::vector<AudienceEntry> entries;
    for (const memberships::v1::AudienceMember& member : response.members()) entries.push_back(FromProto(member));
    members += response.members_size();
    saved = database_.Write(Patience(kTransactionPatience), [&](db::Transaction& tx) -> absl::Status {
      SaveAudience(tx, entries);
      return absl::OkStatus();
    });
    if (!response.cursor().empty()) cursor = response.cursor();
  }
  if (!saved.ok()) context.TryCancel();
  const absl::Status ended = rpc::FromGrpcStatus(reader->Finish());
  RETURN_IF_ERROR(saved);
  RETURN_IF_ERROR(ended);
  if (cursor.empty()) return absl::UnavailableError("the audience's export ended without a cursor");
  telemetry::Info("audience exported", {{"members", std::to_string(members)}});
  return cursor;
}

absl::Status AudienceFollower::EraseUnseenSince(absl::Time time) {
  for (;;) {
    ASSIGN_OR_RETURN(const size_t erased, database_.Write(Patience(kTransactionPatience), [&](db::Transaction& tx) {
      const std::vector<std::string> ids = LoadMembersUnseenSince(tx, time, kErasedPerTransaction);
      EraseMembers(tx, ids);
      return ids.size();
    }));
    if (erased == 0) return absl::OkStatus();
  }
}

}  // namespace masthead::notifications

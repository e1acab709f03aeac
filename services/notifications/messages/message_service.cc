#include "services/notifications/messages/message_service.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/resource/name.h"
#include "services/notifications/errors.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/message_proto.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/messages/watcher.h"

namespace masthead::notifications {
namespace {

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr size_t kMaxArticleName = 100;
constexpr size_t kMaxCause = 200;

absl::StatusOr<std::string> ParseMessageName(absl::string_view name) {
  FieldViolations violations;
  const auto ids = resource::ParseName(name, "messages/*");
  if (!ids) violations.Add("name", "must look like messages/{message}");
  RETURN_IF_ERROR(violations.ToStatus());
  return (*ids)[0];
}

}  // namespace

MessageService::MessageService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                               rpc::Bell& progress, rpc::Bell& work)
    : database_(database),
      feed_(feed),
      page_tokens_(key),
      work_(work),
      service_(*v1::GetMessageRequest::descriptor()->file()->FindServiceByName("MessageService")) {
  service_.Unary("GetMessage", this, &MessageService::Get);
  service_.Unary("ListMessages", this, &MessageService::List);
  service_.Unary("CancelMessage", this, &MessageService::Cancel);
  service_.Unary("PauseMessage", this, &MessageService::Pause);
  service_.Unary("ResumeMessage", this, &MessageService::Resume);
  service_.ServerStream("WatchMessage", this, &MessageService::Watch, &progress);
}

absl::StatusOr<v1::Message> MessageService::Get(const Call& call, const v1::GetMessageRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseMessageName(request.name()));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Message> {
    const std::optional<Message> message = LoadMessage(tx, id);
    if (!message) return MessageNotFound(request.name());
    return ToProto(*message);
  });
}

absl::StatusOr<v1::ListMessagesResponse> MessageService::List(const Call& call,
                                                              const v1::ListMessagesRequest& request) {
  FieldViolations violations;
  if (!request.article().empty() &&
      (request.article().size() > kMaxArticleName || !resource::ParseName(request.article(), "articles/*"))) {
    violations.Add("article", "must look like articles/{article}");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  int64_t before = 0;
  if (!keyset.empty() && !absl::SimpleAtoi(keyset[0], &before))
    return absl::InternalError("a page token of another keyset");

  ASSIGN_OR_RETURN(const std::vector<Message> messages, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadMessages(tx, before, request.article(), page_size + 1);
  }));
  v1::ListMessagesResponse response;
  for (const Message& message : messages) {
    if (response.messages_size() == page_size) {
      response.set_next_page_token(
          page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(messages[page_size - 1].number)}));
      break;
    }
    *response.add_messages() = ToProto(message);
  }
  return response;
}

absl::StatusOr<v1::Message> MessageService::Cancel(const Call& call, const v1::CancelMessageRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseMessageName(request.name()));
  return idempotency::Mutate<v1::Message>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Message> {
        std::optional<Message> message = LockMessage(tx, id);
        if (!message) return MessageNotFound(request.name());
        change = {
            .resource = request.name(), .revision_before = message->revision, .revision_after = message->revision};
        if (message->state == "CANCELLED") return ToProto(*message);
        if (HasEnded(*message)) return MessageAlreadyEnded(request.name(), message->state);
        CancelMessage(tx, *message);
        message = LoadMessage(tx, id);
        change.revision_after = message->revision;
        AnnounceMessageEnded(tx, feed_, *message);
        tx.AfterCommit([this] { work_.Ring(); });
        return ToProto(*message);
      });
}

absl::StatusOr<v1::Message> MessageService::Pause(const Call& call, const v1::PauseMessageRequest& request) {
  FieldViolations violations;
  const auto ids = resource::ParseName(request.name(), "messages/*");
  if (!ids) violations.Add("name", "must look like messages/{message}");
  if (request.cause().size() > kMaxCause) violations.Add("cause", "must not be longer than 200 bytes");
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::Message>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Message> {
        std::optional<Message> message = LockMessage(tx, (*ids)[0]);
        if (!message) return MessageNotFound(request.name());
        change = {
            .resource = request.name(), .revision_before = message->revision, .revision_after = message->revision};
        if (message->state == "PAUSED") return ToProto(*message);
        if (HasEnded(*message)) return MessageAlreadyEnded(request.name(), message->state);
        PauseMessage(tx, *message, request.cause().empty() ? "held by an editor" : request.cause());
        message = LoadMessage(tx, (*ids)[0]);
        change.revision_after = message->revision;
        AnnounceMessagePaused(tx, feed_, *message);
        return ToProto(*message);
      });
}

absl::StatusOr<v1::Message> MessageService::Resume(const Call& call, const v1::ResumeMessageRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseMessageName(request.name()));
  return idempotency::Mutate<v1::Message>(
      database_, call, request, [&](db::Transaction& tx, idempotency::Change& change) -> absl::StatusOr<v1::Message> {
        std::optional<Message> message = LockMessage(tx, id);
        if (!message) return MessageNotFound(request.name());
        change = {
            .resource = request.name(), .revision_before = message->revision, .revision_after = message->revision};
        if (HasEnded(*message)) return MessageAlreadyEnded(request.name(), message->state);
        if (message->state != "PAUSED") return ToProto(*message);
        const bool ended = ResumeMessage(tx, *message).has_value();
        message = LoadMessage(tx, id);
        change.revision_after = message->revision;
        AnnounceMessagePaused(tx, feed_, *message);
        if (ended) AnnounceMessageEnded(tx, feed_, *message);
        tx.AfterCommit([this] { work_.Ring(); });
        return ToProto(*message);
      });
}

absl::StatusOr<std::unique_ptr<rpc::Stream<v1::WatchMessageResponse>>> MessageService::Watch(
    const Call&, const v1::WatchMessageRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, ParseMessageName(request.name()));
  using MessageWatcher = Watcher<v1::WatchMessageResponse>;
  return std::make_unique<MessageWatcher>([this, id](const Scope& scope) -> absl::StatusOr<MessageWatcher::Seen> {
    ASSIGN_OR_RETURN(const std::optional<Message> message,
                     database_.Read(scope, [&](db::Transaction& tx) { return LoadMessage(tx, id); }));
    if (!message) return MessageNotFound(MessageName(id));
    MessageWatcher::Seen seen = {.response = {}, .settled = HasEnded(*message) && message->counts.pending() == 0};
    *seen.response.mutable_message() = ToProto(*message);
    return seen;
  });
}

}  // namespace masthead::notifications

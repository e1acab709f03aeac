// The part of the face that is about events and calls.
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/timestamp.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/webhooks/webhook_call.h"
#include "services/notifications/webhooks/webhook_log_store.h"
#include "services/notifications/webhooks/webhook_proto.h"
#include "services/notifications/webhooks/webhook_service.h"
#include "services/notifications/webhooks/webhook_store.h"

namespace masthead::notifications::webhooks {
namespace {

using idempotency::Change;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr size_t kMaxWebhookId = 100;
constexpr int64_t kMostReplayed = 10000;
constexpr char kPattern[] = "webhookEndpoints/*";

}  // namespace

absl::StatusOr<v1::TestWebhookResponse> WebhookService::Test(const Call& call, const v1::TestWebhookRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  return idempotency::Mutate<v1::TestWebhookResponse>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::TestWebhookResponse> {
        const std::optional<WebhookEndpoint> endpoint = LockWebhookEndpoint(tx, ids[0]);
        if (!endpoint) return WebhookEndpointNotFound(request.name());
        const absl::Time now = db::Now(tx);
        const std::string webhook_id = absl::StrCat("evt_", ids::NewUuid());
        InsertTest(tx, endpoint->number,
                   {.webhook_id = webhook_id,
                    .type = kTestType,
                    .body = CallBody(kTestType, now, absl::StrCat("{\"webhookEndpoint\":\"", request.name(), "\"}")),
                    .event_time = now});
        change = {
            .resource = request.name(), .revision_before = endpoint->revision, .revision_after = endpoint->revision};
        tx.AfterCommit([this] { due_.Ring(); });
        v1::TestWebhookResponse response;
        response.set_webhook_id(webhook_id);
        return response;
      });
}

absl::StatusOr<v1::ListWebhookAttemptsResponse> WebhookService::ListAttempts(
    const Call& call, const v1::ListWebhookAttemptsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), kPattern));
  FieldViolations violations;
  if (request.webhook_id().size() > kMaxWebhookId) {
    violations.Add("webhook_id", absl::StrCat("must not be longer than ", kMaxWebhookId, " characters"));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  int64_t before = 0;
  if (!keyset.empty() && !absl::SimpleAtoi(keyset[0], &before)) before = 0;
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListWebhookAttemptsResponse> {
    const std::optional<WebhookEndpoint> endpoint = LoadWebhookEndpoint(tx, ids[0]);
    if (!endpoint) return WebhookEndpointNotFound(request.parent());
    const std::vector<AttemptRecord> attempts =
        LoadAttempts(tx, endpoint->number, before, request.webhook_id(), page_size + 1);
    v1::ListWebhookAttemptsResponse response;
    for (const AttemptRecord& attempt : attempts) {
      if (response.attempts_size() == page_size) {
        const AttemptRecord& last = attempts[static_cast<size_t>(page_size) - 1];
        response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request, {absl::StrCat(last.number)}));
        break;
      }
      *response.add_attempts() = ToProto(attempt);
    }
    return response;
  });
}

absl::StatusOr<v1::ReplayWebhookEventsResponse> WebhookService::Replay(const Call& call,
                                                                       const v1::ReplayWebhookEventsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  FieldViolations violations;
  if (!request.has_start_time()) violations.Add("start_time", "must be set");
  if (!request.has_end_time()) violations.Add("end_time", "must be set");
  const absl::Time start = resource::ParseTimestamp("start_time", request.start_time(), violations);
  const absl::Time end = resource::ParseTimestamp("end_time", request.end_time(), violations);
  if (violations.empty() && start >= end) violations.Add("end_time", "must be after start_time");
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::ReplayWebhookEventsResponse>(
      database_, call, request,
      [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::ReplayWebhookEventsResponse> {
        const std::optional<WebhookEndpoint> endpoint = LockWebhookEndpoint(tx, ids[0]);
        if (!endpoint) return WebhookEndpointNotFound(request.name());
        const int64_t count = CountReplay(tx, endpoint->number, start, end, request.include_heard(), kMostReplayed + 1);
        if (count > kMostReplayed) {
          FieldViolations many;
          many.Add("end_time", absl::StrCat("must be earlier: there are more than ", kMostReplayed, " events"));
          return many.ToStatus();
        }
        ReplayEvents(tx, endpoint->number, start, end, request.include_heard());
        change = {
            .resource = request.name(), .revision_before = endpoint->revision, .revision_after = endpoint->revision};
        tx.AfterCommit([this] { due_.Ring(); });
        v1::ReplayWebhookEventsResponse response;
        response.set_replayed_count(static_cast<int32_t>(count));
        return response;
      });
}

}  // namespace masthead::notifications::webhooks

#include "services/notifications/webhooks/webhook_service.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/webhooks/signature.h"
#include "services/notifications/webhooks/webhook_announcements.h"
#include "services/notifications/webhooks/webhook_call.h"
#include "services/notifications/webhooks/webhook_proto.h"
#include "services/notifications/webhooks/webhook_store.h"

namespace masthead::notifications::webhooks {
namespace {

using idempotency::Change;

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 1000;
constexpr char kPattern[] = "webhookEndpoints/*";
constexpr absl::string_view kMutableFields[] = {"display_name", "url", "event_types", "state"};

// A name that does not resolve now may do so later; every call is checked anyway.
absl::Status CheckAddress(const std::string& url, const OutboundOptions& outbound) {
  const absl::Status status = PinAddress(url, outbound).status();
  return absl::IsUnavailable(status) ? absl::OkStatus() : status;
}

absl::StatusOr<WebhookEndpoint> LockExisting(db::Transaction& tx, const std::string& id) {
  std::optional<WebhookEndpoint> endpoint = LockWebhookEndpoint(tx, id);
  if (!endpoint) return WebhookEndpointNotFound(WebhookEndpointName(id));
  return *std::move(endpoint);
}

absl::Duration ParseOverlap(const v1::RotateWebhookSecretRequest& request, FieldViolations& violations) {
  if (!request.has_overlap()) return kMaxOverlap;
  const absl::Duration overlap =
      absl::Seconds(request.overlap().seconds()) + absl::Nanoseconds(request.overlap().nanos());
  if (overlap <= absl::ZeroDuration() || overlap > kMaxOverlap) {
    violations.Add("overlap", "must be more than nothing and at most 24 hours");
  }
  return overlap;
}

}  // namespace

WebhookService::WebhookService(db::Database& database, events::Feed& feed, const crypto::MacKey& key,
                               const crypto::SealingKey& secrets_key, const OutboundOptions& outbound, rpc::Bell& due)
    : database_(database),
      feed_(feed),
      page_tokens_(key),
      secrets_key_(secrets_key),
      outbound_(outbound),
      due_(due),
      service_(*v1::CreateWebhookEndpointRequest::descriptor()->file()->FindServiceByName("WebhookService")) {
  service_.Unary("CreateWebhookEndpoint", this, &WebhookService::Create);
  service_.Unary("GetWebhookEndpoint", this, &WebhookService::Get);
  service_.Unary("ListWebhookEndpoints", this, &WebhookService::List);
  service_.Unary("UpdateWebhookEndpoint", this, &WebhookService::Update);
  service_.Unary("DeleteWebhookEndpoint", this, &WebhookService::Delete);
  service_.Unary("GetWebhookSecrets", this, &WebhookService::GetSecrets);
  service_.Unary("RotateWebhookSecret", this, &WebhookService::RotateSecret);
  service_.Unary("TestWebhook", this, &WebhookService::Test);
  service_.Unary("ListWebhookAttempts", this, &WebhookService::ListAttempts);
  service_.Unary("ReplayWebhookEvents", this, &WebhookService::Replay);
}

absl::StatusOr<v1::WebhookEndpoint> WebhookService::Create(const Call& call,
                                                           const v1::CreateWebhookEndpointRequest& request) {
  FieldViolations violations;
  WebhookEndpoint wanted;
  ParseWebhookEndpoint(request.webhook_endpoint(), {"display_name", "url", "event_types"}, wanted, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckAddress(wanted.url, outbound_));

  return idempotency::Mutate<v1::WebhookEndpoint>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::WebhookEndpoint> {
        WebhookEndpoint endpoint = wanted;
        endpoint.id = ids::NewUuid();
        endpoint.sealed_secret = SealSecret(secrets_key_, endpoint.id, NewSecret());
        InsertWebhookEndpoint(tx, endpoint);
        AnnounceWebhook(tx, feed_, endpoint);
        change = {.resource = WebhookEndpointName(endpoint.id), .revision_after = endpoint.revision};
        return ToProto(endpoint);
      });
}

absl::StatusOr<v1::WebhookEndpoint> WebhookService::Get(const Call& call,
                                                        const v1::GetWebhookEndpointRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::WebhookEndpoint> {
    const std::optional<WebhookEndpoint> endpoint = LoadWebhookEndpoint(tx, ids[0]);
    if (!endpoint) return WebhookEndpointNotFound(request.name());
    return ToProto(*endpoint);
  });
}

absl::StatusOr<v1::ListWebhookEndpointsResponse> WebhookService::List(const Call& call,
                                                                      const v1::ListWebhookEndpointsRequest& request) {
  ASSIGN_OR_RETURN(const int page_size, paging::PageSize(request.page_size(), kDefaultPageSize, kMaxPageSize));
  ASSIGN_OR_RETURN(const std::vector<std::string> keyset, page_tokens_.Read(call.caller->principal(), request));
  std::optional<absl::Time> before_time;
  int64_t microseconds = 0;
  if (keyset.size() == 2 && absl::SimpleAtoi(keyset[0], &microseconds)) {
    before_time = absl::FromUnixMicros(microseconds);
  }
  const std::string before_id = keyset.size() == 2 ? keyset[1] : "";
  ASSIGN_OR_RETURN(const std::vector<WebhookEndpoint> endpoints, database_.Read(call.scope, [&](db::Transaction& tx) {
    return LoadWebhookEndpoints(tx, before_time, before_id, page_size + 1);
  }));
  v1::ListWebhookEndpointsResponse response;
  for (const WebhookEndpoint& endpoint : endpoints) {
    if (response.webhook_endpoints_size() == page_size) {
      const WebhookEndpoint& last = endpoints[static_cast<size_t>(page_size) - 1];
      response.set_next_page_token(page_tokens_.Make(call.caller->principal(), request,
                                                     {absl::StrCat(absl::ToUnixMicros(last.create_time)), last.id}));
      break;
    }
    *response.add_webhook_endpoints() = ToProto(endpoint);
  }
  return response;
}

absl::StatusOr<v1::WebhookEndpoint> WebhookService::Update(const Call& call,
                                                           const v1::UpdateWebhookEndpointRequest& request) {
  const v1::WebhookEndpoint& wanted = request.webhook_endpoint();
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("webhook_endpoint.name", wanted.name(), kPattern));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), wanted, kMutableFields, violations);
  WebhookEndpoint checked;
  ParseWebhookEndpoint(wanted, fields, checked, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (fields.contains("url")) RETURN_IF_ERROR(CheckAddress(checked.url, outbound_));

  return idempotency::Mutate<v1::WebhookEndpoint>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::WebhookEndpoint> {
        ASSIGN_OR_RETURN(WebhookEndpoint endpoint, LockExisting(tx, ids[0]));
        RETURN_IF_ERROR(resource::CheckEtag(wanted.etag(), endpoint.revision, wanted.name()));
        change = {.resource = wanted.name(), .revision_before = endpoint.revision};
        FieldViolations none;
        ParseWebhookEndpoint(wanted, fields, endpoint, none);
        SaveWebhookEndpoint(tx, endpoint);
        AnnounceWebhook(tx, feed_, endpoint);
        change.revision_after = endpoint.revision;
        tx.AfterCommit([this] { due_.Ring(); });
        return ToProto(endpoint);
      });
}

absl::StatusOr<google::protobuf::Empty> WebhookService::Delete(const Call& call,
                                                               const v1::DeleteWebhookEndpointRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, LockExisting(tx, ids[0]));
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), endpoint.revision, request.name()));
        change = {.resource = request.name(), .revision_before = endpoint.revision};
        RemoveWebhookEndpoint(tx, endpoint.number);
        AnnounceWebhook(tx, feed_, endpoint, /*removed=*/true);
        return google::protobuf::Empty();
      });
}

absl::StatusOr<v1::WebhookSecrets> WebhookService::GetSecrets(const Call& call,
                                                              const v1::GetWebhookSecretsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::WebhookSecrets> {
    const std::optional<WebhookEndpoint> endpoint = LoadWebhookEndpoint(tx, ids[0]);
    if (!endpoint) return WebhookEndpointNotFound(request.name());
    ASSIGN_OR_RETURN(const std::vector<std::string> secrets, OpenSecrets(secrets_key_, *endpoint, db::Now(tx)));
    v1::WebhookSecrets proto;
    proto.set_secret(SecretToText(secrets.front()));
    if (secrets.size() > 1) proto.set_former_secret(SecretToText(secrets.back()));
    return proto;
  });
}

absl::StatusOr<v1::WebhookEndpoint> WebhookService::RotateSecret(const Call& call,
                                                                 const v1::RotateWebhookSecretRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), kPattern));
  FieldViolations violations;
  const absl::Duration overlap = ParseOverlap(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return idempotency::Mutate<v1::WebhookEndpoint>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::WebhookEndpoint> {
        ASSIGN_OR_RETURN(WebhookEndpoint endpoint, LockExisting(tx, ids[0]));
        change = {.resource = request.name(), .revision_before = endpoint.revision};
        endpoint.sealed_former_secret = endpoint.sealed_secret;
        endpoint.former_expire_time = db::Now(tx) + overlap;
        endpoint.sealed_secret = SealSecret(secrets_key_, endpoint.id, NewSecret());
        SaveWebhookEndpoint(tx, endpoint);
        AnnounceWebhook(tx, feed_, endpoint);
        change.revision_after = endpoint.revision;
        return ToProto(endpoint);
      });
}

}  // namespace masthead::notifications::webhooks

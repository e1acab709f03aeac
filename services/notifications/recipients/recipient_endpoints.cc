// The part of the face that is about endpoints.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/idempotency/mutation.h"
#include "common/ids/uuid.h"
#include "common/resource/etag.h"
#include "common/resource/field_mask.h"
#include "services/notifications/errors.h"
#include "services/notifications/following/own_recipient.h"
#include "services/notifications/following/subscription_store.h"
#include "services/notifications/recipients/endpoint_proto.h"
#include "services/notifications/recipients/endpoint_store.h"
#include "services/notifications/recipients/endpoint_target.h"
#include "services/notifications/recipients/recipient_announcements.h"
#include "services/notifications/recipients/recipient_service.h"
#include "services/notifications/recipients/recipients_errors.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {
namespace {

using idempotency::Change;

constexpr absl::string_view kEndpointFields[] = {"web_push", "mobile_push", "expire_time"};

bool IsMember(const rpc::Call& call) { return call.caller->kind == auth::Caller::Kind::kMember; }

// The recipient, locked; NOT_FOUND if there is none, or none that the caller may reach.
absl::StatusOr<Recipient> LockActive(db::Transaction& tx, const rpc::Call& call, const std::string& id) {
  std::optional<Recipient> recipient = LockRecipient(tx, id, OnlyOwn(call));
  if (!recipient || recipient->state != "ACTIVE") return RecipientNotFound(RecipientName(id));
  return *std::move(recipient);
}

const Endpoint* Twin(const std::vector<Endpoint>& endpoints, const Endpoint& wanted) {
  const auto twin = std::find_if(endpoints.begin(), endpoints.end(), [&](const Endpoint& endpoint) {
    return endpoint.channel == wanted.channel &&
           (wanted.channel == kInbox || endpoint.address_hash == wanted.address_hash);
  });
  return twin == endpoints.end() ? nullptr : &*twin;
}

}  // namespace

absl::StatusOr<EndpointTarget> RecipientService::TargetOf(const Endpoint& endpoint,
                                                          absl::string_view recipient_id) const {
  if (endpoint.sealed_target.empty()) return EndpointTarget();
  return OpenTarget(targets_key_, recipient_id, endpoint.id, endpoint.sealed_target);
}

absl::StatusOr<v1::Endpoint> RecipientService::Show(const Endpoint& endpoint, absl::string_view recipient_id) const {
  ASSIGN_OR_RETURN(const EndpointTarget target, TargetOf(endpoint, recipient_id));
  return ToProto(endpoint, target, recipient_id);
}

absl::StatusOr<v1::Endpoint> RecipientService::CreateEndpoint(const Call& call,
                                                              const v1::CreateEndpointRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), "recipients/*"));
  FieldViolations violations;
  Endpoint wanted;
  EndpointTarget target;
  ParseEndpoint(request.endpoint(), wanted, target, violations);
  if (request.verified() && IsMember(call)) violations.Add("verified", "is not for members to say");
  if (wanted.channel == kSms && !request.verified()) violations.Add("verified", "must be set for a telephone number");
  if (wanted.channel == kWebhook && IsMember(call)) violations.Add("endpoint.webhook", "is not for members to set");
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Endpoint>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Endpoint> {
        ASSIGN_OR_RETURN(const Recipient recipient, LockActive(tx, call, ids[0]));
        if (wanted.channel == kWebhook && !IsWebhookEndpoint(tx, target.webhook_endpoint)) {
          return WebhookEndpointNotFound(target.webhook_endpoint);
        }
        if (wanted.channel == kEmail && !recipient.anonymous) return RecipientOfAMember(request.parent());
        const std::vector<Endpoint> endpoints = LoadEndpoints(tx, recipient.number);
        Endpoint endpoint = wanted;
        if (const Endpoint* twin = Twin(endpoints, wanted); twin != nullptr) {
          endpoint = *twin;
        } else if (endpoints.size() >= kMaxEndpoints) {
          return TooManyEndpoints(kMaxEndpoints);
        } else if (wanted.channel == kInbox) {
          EnsureInbox(tx, recipient.number);
          endpoint = LoadEndpoint(tx, recipient.number, kInboxEndpoint).value();
          AnnounceEndpoint(tx, feed_, recipient, endpoint);
        } else {
          endpoint.id = ids::NewUuid();
          endpoint.state = wanted.channel == kEmail && !request.verified() ? "PENDING" : "ACTIVE";
          if (wanted.channel != kEmail)
            endpoint.sealed_target = SealTarget(targets_key_, recipient.id, endpoint.id, target);
          InsertEndpoint(tx, recipient.number, endpoint);
          AnnounceEndpoint(tx, feed_, recipient, endpoint);
        }
        if (endpoint.state == "PENDING") RETURN_IF_ERROR(confirmation_letters_.Ask(tx, recipient, endpoint, nullptr));
        change = {.resource = EndpointName(recipient.id, endpoint.id), .revision_after = endpoint.revision};
        return Show(endpoint, recipient.id);
      });
}

absl::StatusOr<v1::Endpoint> RecipientService::GetEndpoint(const Call& call, const v1::GetEndpointRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), "recipients/*/endpoints/*"));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::Endpoint> {
    const std::optional<Recipient> recipient = LoadRecipient(tx, ids[0], OnlyOwn(call));
    if (!recipient) return RecipientNotFound(RecipientName(ids[0]));
    const std::optional<Endpoint> endpoint = LoadEndpoint(tx, recipient->number, ids[1]);
    if (!endpoint) return EndpointNotFound(request.name());
    return Show(*endpoint, recipient->id);
  });
}

absl::StatusOr<v1::ListEndpointsResponse> RecipientService::ListEndpoints(const Call& call,
                                                                          const v1::ListEndpointsRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("parent", request.parent(), "recipients/*"));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> absl::StatusOr<v1::ListEndpointsResponse> {
    const std::optional<Recipient> recipient = LoadRecipient(tx, ids[0], OnlyOwn(call));
    if (!recipient) return RecipientNotFound(request.parent());
    v1::ListEndpointsResponse response;
    for (const Endpoint& endpoint : LoadEndpoints(tx, recipient->number)) {
      ASSIGN_OR_RETURN(*response.add_endpoints(), Show(endpoint, recipient->id));
    }
    return response;
  });
}

absl::StatusOr<v1::Endpoint> RecipientService::UpdateEndpoint(const Call& call,
                                                              const v1::UpdateEndpointRequest& request) {
  const v1::Endpoint& wanted = request.endpoint();
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   IdsIn("endpoint.name", wanted.name(), "recipients/*/endpoints/*"));
  FieldViolations violations;
  const std::set<std::string> fields =
      resource::FieldsToUpdate(request.update_mask(), wanted, kEndpointFields, violations);
  const bool renews = fields.contains("web_push") || fields.contains("mobile_push");
  Endpoint checked;
  EndpointTarget target;
  if (renews) {
    ParseEndpoint(wanted, checked, target, violations);
  } else {
    ParseEndpointEnd(wanted, checked, violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());

  return idempotency::Mutate<v1::Endpoint>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<v1::Endpoint> {
        ASSIGN_OR_RETURN(const Recipient recipient, LockActive(tx, call, ids[0]));
        std::optional<Endpoint> endpoint = LoadEndpoint(tx, recipient.number, ids[1]);
        if (!endpoint) return EndpointNotFound(wanted.name());
        RETURN_IF_ERROR(resource::CheckEtag(wanted.etag(), endpoint->revision, wanted.name()));
        if (renews && endpoint->channel != checked.channel) {
          FieldViolations other;
          other.Add("endpoint", "must stay of the channel it was made for");
          return other.ToStatus();
        }
        change = {.resource = wanted.name(), .revision_before = endpoint->revision};
        if (fields.contains("expire_time")) endpoint->expire_time = checked.expire_time;
        if (renews) {
          endpoint->sealed_target = SealTarget(targets_key_, recipient.id, endpoint->id, target);
          endpoint->address_hash = checked.address_hash;
        }
        if (endpoint->state == "EXPIRED") endpoint->state = "ACTIVE";
        SaveEndpoint(tx, *endpoint);
        AnnounceEndpoint(tx, feed_, recipient, *endpoint);
        change.revision_after = endpoint->revision;
        return Show(*endpoint, recipient.id);
      });
}

absl::StatusOr<google::protobuf::Empty> RecipientService::DeleteEndpoint(const Call& call,
                                                                         const v1::DeleteEndpointRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, IdsIn("name", request.name(), "recipients/*/endpoints/*"));
  return idempotency::Mutate<google::protobuf::Empty>(
      database_, call, request, [&](db::Transaction& tx, Change& change) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const Recipient recipient, LockActive(tx, call, ids[0]));
        const std::optional<Endpoint> endpoint = LoadEndpoint(tx, recipient.number, ids[1]);
        if (!endpoint) return EndpointNotFound(request.name());
        if (!recipient.anonymous && endpoint->channel == kEmail) return RecipientOfAMember(RecipientName(recipient.id));
        RETURN_IF_ERROR(resource::CheckEtag(request.etag(), endpoint->revision, request.name()));
        change = {.resource = request.name(), .revision_before = endpoint->revision};
        RemoveEndpoint(tx, *endpoint);
        AnnounceEndpoint(tx, feed_, recipient, *endpoint, /*removed=*/true);
        return google::protobuf::Empty();
      });
}

}  // namespace masthead::notifications

#include "services/notifications/webhooks/webhook_proto.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "masthead/notifications/v1/events.pb.h"

namespace masthead::notifications::webhooks {
namespace {

constexpr int kMaxDisplayName = 200;

// `message_created` is `message.created`: the last word is what happened.
std::string TypeOfPayload(std::string field) {
  const size_t last = field.rfind('_');
  if (last != std::string::npos) field[last] = '.';
  return field;
}

std::set<std::string> TypesOfPayloads() {
  std::set<std::string> types;
  const google::protobuf::OneofDescriptor& payload = *v1::Event::descriptor()->FindOneofByName("payload");
  for (int i = 0; i < payload.field_count(); ++i) types.insert(TypeOfPayload(payload.field(i)->name()));
  return types;
}

void ParseUrl(const std::string& url, WebhookEndpoint& endpoint, FieldViolations& violations) {
  endpoint.url = url;
  if (url.empty() || url.size() > kMaxUrlBytes ||
      !std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7F; })) {
    violations.Add("webhook_endpoint.url",
                   absl::StrCat("must be a URL of at most ", kMaxUrlBytes, " visible characters"));
  }
}

void ParseEventTypes(const v1::WebhookEndpoint& proto, WebhookEndpoint& endpoint, FieldViolations& violations) {
  if (proto.event_types_size() > kMaxEventTypes) {
    return violations.Add("webhook_endpoint.event_types",
                          absl::StrCat("must not have more than ", kMaxEventTypes, " entries"));
  }
  std::set<std::string> types;
  for (int i = 0; i < proto.event_types_size(); ++i) {
    const std::string& type = proto.event_types(i);
    if (type != kEveryType && !EventTypes().contains(type)) {
      violations.Add(absl::StrCat("webhook_endpoint.event_types[", i, "]"),
                     "must be the type of an event, such as message.ended, or *");
    }
    types.insert(type);
  }
  endpoint.event_types.assign(types.begin(), types.end());
}

}  // namespace

const std::set<std::string>& EventTypes() {
  static const std::set<std::string>& types = *new std::set<std::string>(TypesOfPayloads());
  return types;
}

v1::WebhookEndpoint ToProto(const WebhookEndpoint& endpoint) {
  v1::WebhookEndpoint proto;
  proto.set_name(WebhookEndpointName(endpoint.id));
  proto.set_display_name(endpoint.display_name);
  proto.set_url(endpoint.url);
  for (const std::string& type : endpoint.event_types) proto.add_event_types(type);
  const Breaker& breaker = endpoint.breaker;
  v1::WebhookEndpoint::State state = v1::WebhookEndpoint::STATE_UNSPECIFIED;
  v1::WebhookEndpoint::State_Parse(breaker.state, &state);
  proto.set_state(state);
  v1::WebhookEndpoint::DisabledReason reason = v1::WebhookEndpoint::DISABLED_REASON_UNSPECIFIED;
  v1::WebhookEndpoint::DisabledReason_Parse(breaker.disabled_reason, &reason);
  proto.set_disabled_reason(reason);
  if (breaker.failing_since_time) {
    *proto.mutable_failing_since_time() = resource::ToTimestamp(*breaker.failing_since_time);
  }
  if (breaker.retry_time) *proto.mutable_retry_time() = resource::ToTimestamp(*breaker.retry_time);
  if (endpoint.former_expire_time) {
    *proto.mutable_former_secret_expire_time() = resource::ToTimestamp(*endpoint.former_expire_time);
  }
  *proto.mutable_create_time() = resource::ToTimestamp(endpoint.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(endpoint.update_time);
  proto.set_etag(resource::Etag(endpoint.revision));
  return proto;
}

v1::WebhookAttempt ToProto(const AttemptRecord& attempt) {
  v1::WebhookAttempt proto;
  proto.set_webhook_id(attempt.webhook_id);
  proto.set_type(attempt.type);
  proto.set_attempt(attempt.attempt);
  *proto.mutable_time() = resource::ToTimestamp(attempt.time);
  proto.set_status(attempt.status);
  proto.set_text(attempt.text);
  v1::WebhookAttempt::Outcome outcome = v1::WebhookAttempt::OUTCOME_UNSPECIFIED;
  v1::WebhookAttempt::Outcome_Parse(attempt.outcome, &outcome);
  proto.set_outcome(outcome);
  return proto;
}

void ParseWebhookEndpoint(const v1::WebhookEndpoint& proto, const std::set<std::string>& fields,
                          WebhookEndpoint& endpoint, FieldViolations& violations) {
  if (fields.contains("display_name")) {
    endpoint.display_name = proto.display_name();
    text::CheckLine("webhook_endpoint.display_name", endpoint.display_name, kMaxDisplayName, /*required=*/false,
                    violations);
  }
  if (fields.contains("url")) ParseUrl(proto.url(), endpoint, violations);
  if (fields.contains("event_types")) ParseEventTypes(proto, endpoint, violations);
  if (fields.contains("state")) {
    if (proto.state() != v1::WebhookEndpoint::ACTIVE && proto.state() != v1::WebhookEndpoint::DISABLED) {
      return violations.Add("webhook_endpoint.state", "must be ACTIVE or DISABLED");
    }
    endpoint.breaker = SwitchedTo(endpoint.breaker, v1::WebhookEndpoint::State_Name(proto.state()));
  }
}

}  // namespace masthead::notifications::webhooks

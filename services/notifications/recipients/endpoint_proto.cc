#include "services/notifications/recipients/endpoint_proto.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"
#include "common/resource/etag.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {
namespace {

constexpr size_t kPublicKeyBytes = 65;  // An uncompressed point of P-256.
constexpr size_t kAuthBytes = 16;

bool IsVisibleAscii(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxTargetBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

bool IsBase64Url(absl::string_view text, size_t bytes) {
  const absl::StatusOr<std::string> decoded = crypto::ParseBase64Url(text);
  return decoded.ok() && decoded->size() == bytes;
}

void ParseMailbox(const std::string& address, Endpoint& endpoint, FieldViolations& violations) {
  const absl::StatusOr<std::string> mailbox = text::MailboxAddress(address);
  const absl::StatusOr<std::string> canonical = text::NormalizeEmail(address);
  if (!mailbox.ok() || !canonical.ok()) {
    return violations.Add("endpoint.email_address", "must be an e-mail address");
  }
  endpoint.mailbox = *mailbox;
  endpoint.address_hash = crypto::Sha256(*canonical);
}

void ParseWebPush(const v1::Endpoint::WebPush& proto, EndpointTarget& target, FieldViolations& violations) {
  target.url = proto.endpoint();
  target.p256dh = proto.p256dh();
  target.auth = proto.auth();
  if (!IsVisibleAscii(target.url) || !absl::StartsWith(target.url, "https://")) {
    violations.Add("endpoint.web_push.endpoint", "must be an https URL of at most 1000 characters");
  }
  if (!IsBase64Url(target.p256dh, kPublicKeyBytes)) {
    violations.Add("endpoint.web_push.p256dh", "must be 65 bytes as base64url without padding");
  }
  if (!IsBase64Url(target.auth, kAuthBytes)) {
    violations.Add("endpoint.web_push.auth", "must be 16 bytes as base64url without padding");
  }
}

}  // namespace

v1::Endpoint ToProto(const Endpoint& endpoint, const EndpointTarget& target, absl::string_view recipient_id) {
  v1::Endpoint proto;
  proto.set_name(EndpointName(recipient_id, endpoint.id));
  v1::Channel channel = v1::CHANNEL_UNSPECIFIED;
  v1::Channel_Parse(std::string(ChannelName(endpoint.channel)), &channel);
  proto.set_channel(channel);
  if (endpoint.channel == kEmail) proto.set_email_address(MaskMailbox(endpoint.mailbox));
  if (endpoint.channel == kWebPush) proto.mutable_web_push();
  if (endpoint.channel == kMobilePush) proto.mutable_mobile_push();
  if (endpoint.channel == kSms) proto.set_phone_number(MaskPhoneNumber(target.phone_number));
  if (endpoint.channel == kWebhook) proto.mutable_webhook()->set_webhook_endpoint(target.webhook_endpoint);
  if (endpoint.channel == kInbox) proto.mutable_inbox();
  v1::Endpoint::State state = v1::Endpoint::STATE_UNSPECIFIED;
  v1::Endpoint::State_Parse(endpoint.state, &state);
  proto.set_state(endpoint.suppressed && state == v1::Endpoint::ACTIVE ? v1::Endpoint::SUPPRESSED : state);
  if (endpoint.expire_time) *proto.mutable_expire_time() = resource::ToTimestamp(*endpoint.expire_time);
  *proto.mutable_create_time() = resource::ToTimestamp(endpoint.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(endpoint.update_time);
  proto.set_etag(resource::Etag(endpoint.revision));
  return proto;
}

void ParseEndpoint(const v1::Endpoint& proto, Endpoint& endpoint, EndpointTarget& target, FieldViolations& violations) {
  target = {};
  switch (proto.target_case()) {
    case v1::Endpoint::kEmailAddress:
      endpoint.channel = kEmail;
      ParseMailbox(proto.email_address(), endpoint, violations);
      break;
    case v1::Endpoint::kWebPush:
      endpoint.channel = kWebPush;
      ParseWebPush(proto.web_push(), target, violations);
      break;
    case v1::Endpoint::kMobilePush:
      endpoint.channel = kMobilePush;
      target.token = proto.mobile_push().token();
      if (!IsVisibleAscii(target.token)) {
        violations.Add("endpoint.mobile_push.token", "must be 1 to 1000 visible ASCII characters");
      }
      break;
    case v1::Endpoint::kPhoneNumber:
      endpoint.channel = kSms;
      target.phone_number = proto.phone_number();
      if (!IsPhoneNumber(target.phone_number)) violations.Add("endpoint.phone_number", "must be + and 8 to 15 digits");
      break;
    case v1::Endpoint::kWebhook:
      endpoint.channel = kWebhook;
      target.webhook_endpoint = proto.webhook().webhook_endpoint();
      if (!resource::ParseName(target.webhook_endpoint, "webhookEndpoints/*")) {
        violations.Add("endpoint.webhook.webhook_endpoint", "must look like webhookEndpoints/{webhook_endpoint}");
      }
      break;
    case v1::Endpoint::kInbox:
      endpoint.channel = kInbox;
      break;
    case v1::Endpoint::TARGET_NOT_SET:
      violations.Add("endpoint", "must say what it leads to");
      break;
  }
  if (endpoint.channel != kEmail && endpoint.channel != kInbox) {
    endpoint.address_hash = HashOfTarget(endpoint.channel, target);
  }
  ParseEndpointEnd(proto, endpoint, violations);
}

void ParseEndpointEnd(const v1::Endpoint& proto, Endpoint& endpoint, FieldViolations& violations) {
  endpoint.expire_time = std::nullopt;
  if (proto.has_expire_time()) {
    endpoint.expire_time = resource::ParseTimestamp("endpoint.expire_time", proto.expire_time(), violations);
  }
}

}  // namespace masthead::notifications

#include "services/notifications/webpush/push_service.h"

#include "common/crypto/mac.h"
#include "services/notifications/webpush/push_errors.h"

namespace masthead::notifications::webpush {

PushService::PushService(const P256Key* key)
    : public_key_(key == nullptr ? "" : crypto::Base64Url(key->public_key())),
      service_(*v1::GetPushKeyRequest::descriptor()->file()->FindServiceByName("PushService")) {
  service_.Unary("GetPushKey", this, &PushService::GetKey);
}

absl::StatusOr<v1::PushKey> PushService::GetKey(const rpc::Call&, const v1::GetPushKeyRequest&) {
  if (public_key_.empty()) return PushNotSetUp();
  v1::PushKey key;
  key.set_application_server_key(public_key_);
  return key;
}

}  // namespace masthead::notifications::webpush

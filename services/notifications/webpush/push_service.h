// What a page needs to know to let its reader's browser be told.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/service.h"
#include "masthead/notifications/v1/push_service.pb.h"
#include "services/notifications/webpush/p256_key.h"

namespace masthead::notifications::webpush {

class PushService {
 public:
  // `key` is null where web push is not set up.
  explicit PushService(const P256Key* key);

  const rpc::Service& service() const { return service_; }

 private:
  absl::StatusOr<v1::PushKey> GetKey(const rpc::Call&, const v1::GetPushKeyRequest&);

  const std::string public_key_;  // Base64url; empty where web push is not set up.
  rpc::Service service_;
};

}  // namespace masthead::notifications::webpush

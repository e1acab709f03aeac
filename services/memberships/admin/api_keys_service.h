// AdminService: the keys of the newsroom's backends.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/admin_service.pb.h"

namespace masthead::memberships {

class ApiKeysService {
 public:
  ApiKeysService(db::Database& database, const crypto::MacKey& mac_key);

  // Binds CreateApiKey, ListApiKeys and RevokeApiKey.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::CreateApiKeyResponse> Create(const Call& call, const v1::CreateApiKeyRequest& request);
  absl::StatusOr<v1::ListApiKeysResponse> List(const Call& call, const v1::ListApiKeysRequest& request);
  absl::StatusOr<v1::RotateApiKeyResponse> Rotate(const Call& call, const v1::RotateApiKeyRequest& request);
  absl::StatusOr<v1::ApiKey> Revoke(const Call& call, const v1::RevokeApiKeyRequest& request);

  db::Database& database_;
  const paging::PageTokens page_tokens_;
};

}  // namespace masthead::memberships

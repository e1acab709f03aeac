// TokensService: access tokens for backends, members and staff.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/caller.h"
#include "common/clock/clock.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/tokens_service.pb.h"
#include "services/memberships/tokens/access_tokens.h"
#include "services/memberships/tokens/guess_store.h"
#include "services/memberships/tokens/signing_keys.h"

namespace masthead::memberships {

class TokensService {
 public:
  TokensService(db::Database& database, const crypto::MacKey& mac_key, const SigningKeys& keys, const Clock& clock);

  // Binds every RPC of TokensService.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::AccessToken> ExchangeApiKey(const Call& call, const v1::ExchangeApiKeyRequest& request);
  absl::StatusOr<v1::AccessToken> IssueMemberToken(const Call& call, const v1::IssueMemberTokenRequest& request);
  absl::StatusOr<v1::AccessToken> IssueStaffToken(const Call& call, const v1::IssueStaffTokenRequest& request);
  absl::StatusOr<v1::AccessToken> MintEntitlementToken(const Call& call,
                                                       const v1::MintEntitlementTokenRequest& request);
  absl::StatusOr<v1::JsonWebKeySet> GetJsonWebKeySet(const Call& call, const v1::GetJsonWebKeySetRequest& request);

  // Where what this caller owes for wrong keys is kept; `key_id` is empty if none was shown.
  Guesser GuesserOf(const std::string& key_id, absl::string_view peer) const;
  absl::Status Charge(const Guesser& guesser);

  db::Database& database_;
  const crypto::MacKey guess_slots_;
  const SigningKeys& keys_;
  const AccessTokens tokens_;
};

}  // namespace masthead::memberships

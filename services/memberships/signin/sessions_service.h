// SignInService, the sessions: keeping them going, looking at them, ending them.
#pragma once

#include "absl/status/statusor.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/sign_in_service.pb.h"
#include "services/memberships/signin/sign_in_secrets.h"
#include "services/memberships/tokens/access_tokens.h"

namespace masthead::memberships {

class SessionsService {
 public:
  // All outlive this.
  SessionsService(db::Database& database, const crypto::MacKey& mac_key, const AccessTokens& tokens)
      : database_(database), secrets_(mac_key), tokens_(tokens) {}

  // Binds RefreshSession, CheckSession, ListSessions, RevokeSession and RevokeAllSessions.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::RefreshSessionResponse> Refresh(const Call& call, const v1::RefreshSessionRequest& request);
  absl::StatusOr<v1::Session> Check(const Call& call, const v1::CheckSessionRequest& request);
  absl::StatusOr<v1::ListSessionsResponse> List(const Call& call, const v1::ListSessionsRequest& request);
  absl::StatusOr<v1::Session> Revoke(const Call& call, const v1::RevokeSessionRequest& request);
  absl::StatusOr<v1::RevokeAllSessionsResponse> RevokeAll(const Call& call,
                                                          const v1::RevokeAllSessionsRequest& request);

  db::Database& database_;
  const SignInSecrets secrets_;
  const AccessTokens& tokens_;
};

}  // namespace masthead::memberships

// SignInService, the links: asking for one, and completing it.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/rpc/call.h"
#include "common/rpc/service.h"
#include "masthead/memberships/v1/sign_in_service.pb.h"
#include "services/memberships/meters/meter_keys.h"
#include "services/memberships/signin/challenge.h"
#include "services/memberships/signin/directory.h"
#include "services/memberships/signin/session.h"
#include "services/memberships/signin/sign_in_options.h"
#include "services/memberships/signin/sign_in_proto.h"
#include "services/memberships/signin/sign_in_secrets.h"
#include "services/memberships/tokens/access_tokens.h"

namespace masthead::memberships {

class SignInService {
 public:
  // All but options outlive this.
  SignInService(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key, const AccessTokens& tokens,
                SignInOptions options, const AddressKeys& address_keys);

  // Binds BeginSignIn and CompleteSignIn.
  void Register(rpc::Service& service);

 private:
  using Call = rpc::Call;

  absl::StatusOr<v1::BeginSignInResponse> Begin(const Call& call, const v1::BeginSignInRequest& request);
  absl::StatusOr<v1::CompleteSignInResponse> Complete(const Call& call, const v1::CompleteSignInRequest& request);

  // The letter for who has the address, or for who has none; the same work whichever it is, and also if it is neither.
  void SendLetter(db::Transaction& tx, const SignInWish& wish, const Challenge& challenge, const std::string& token,
                  const std::string& code) const;
  // Whether the code is right, counted against its tries if it is not.
  absl::Status TryCode(const Call& call, const SignInProof& proof);
  bool IsRight(const Challenge& challenge, const SignInProof& proof) const;
  // The session that the challenge leads to: a new one, or for a replay the same.
  absl::StatusOr<v1::CompleteSignInResponse> Open(db::Transaction& tx, const Challenge& challenge,
                                                  const SignInProof& proof, const std::string& reader_key) const;
  absl::StatusOr<Directory::Registration> Enter(db::Transaction& tx, const Challenge& challenge,
                                                const SignInErrand& errand, absl::Time now) const;

  db::Database& database_;
  const Directory directory_;
  const SignInSecrets secrets_;
  const MeterKeys meter_keys_;
  const AccessTokens& tokens_;
  const SignInOptions options_;
};

}  // namespace masthead::memberships

// The secrets of signing in: what is told to the reader, and what of it may be at rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"
#include "common/crypto/seal.h"
#include "services/memberships/members/member.h"
#include "services/memberships/signin/challenge.h"
#include "services/memberships/signin/session.h"

namespace masthead::memberships {

// 256 random bits as text, and the digest that is kept. A fast hash will do: nobody guesses as many.
struct LinkSecret {
  std::string text;
  std::string hash;
};
LinkSecret NewLinkSecret();
std::string LinkSecretHash(absl::string_view text);

std::string NewCode();  // 6 digits, each code as likely as any other.

// A refresh token as it is shown: of which session, and the how manieth.
struct ShownRefreshToken {
  std::string session_id;
  int32_t generation = 0;
  std::string mac;
};
std::optional<ShownRefreshToken> ParseRefreshToken(absl::string_view text);

// Thread-safe.
class SignInSecrets {
 public:
  explicit SignInSecrets(const crypto::MacKey& mac_key);

  // A million codes are soon tried: the digest is keyed, and of this challenge alone.
  std::string CodeMac(absl::string_view challenge_id, absl::string_view code) const;

  std::string SealErrand(absl::string_view challenge_id, const SignInErrand& errand) const;
  absl::StatusOr<SignInErrand> OpenErrand(const Challenge& challenge) const;

  // An address that waits to be confirmed.
  std::string SealAddress(absl::string_view change_id, const EmailAddress& address) const;
  absl::StatusOr<EmailAddress> OpenAddress(absl::string_view change_id, absl::string_view sealed) const;

  // Who asks, for the limits.
  std::string AddressKey(absl::string_view email_normal) const;
  std::string NetworkKey(absl::string_view network) const;

  // The session's refresh token of its present generation. Made of the session's nonce and our key, neither of which is
  // enough.
  std::string RefreshToken(const Session& session) const;
  // Whether it was made by us for this session, now or earlier.
  bool IsOwn(const Session& session, const ShownRefreshToken& shown) const;

 private:
  std::string RefreshMac(const Session& session, int32_t generation) const;

  const crypto::MacKey code_key_;
  const crypto::MacKey limit_key_;
  const crypto::MacKey refresh_key_;
  const crypto::SealingKey errand_key_;
};

}  // namespace masthead::memberships

// Puts DKIM-Signature fields before a finished letter (RFC 6376, relaxed/relaxed): after MIME and folding, before dots
// are stuffed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/dkim/signing_key.h"

namespace masthead::notifications::dkim {

// For whom, and with which key: its public half stands at `selector`._domainkey.`domain`.
struct Identity {
  std::string domain;
  std::string selector;
  std::shared_ptr<const SigningKey> key;
};

// Remembers the last body: letters of one message mostly share theirs, and comparing is cheaper than hashing. Used by
// one thread.
class BodyHashes {
 public:
  const std::string& Of(absl::string_view body);

 private:
  std::string body_;
  std::string hash_;
};

// `letter` with one signature of each of `identities` before it: both an RSA and an Ed25519 one, say, so that receivers
// take the one they know. The same bytes for the same letter and time. From, Subject and Date are over-signed: nobody
// can add a second one. There is no l=, which would let text be appended.
absl::StatusOr<std::string> Sign(absl::string_view letter, const std::vector<Identity>& identities, absl::Time time,
                                 BodyHashes& hashes);

}  // namespace masthead::notifications::dkim

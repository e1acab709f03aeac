// The token in an unsubscribe link: who, from what, sealed so that nobody else can make one (RFC 8058 section 3.1 asks
// for that).
//
// It never expires: a reader may follow a link in a letter of years ago. Keys are changed by adding one under a new id
// and keeping the old.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/mac.h"

namespace masthead::notifications::mail {

struct Unsubscription {
  uint64_t recipient = 0;  // The number under which the service keeps the recipient.
  uint32_t topic = 0;
  uint8_t scope = 0;  // What the link takes away: this topic, its category, everything; the service's own numbers.

  bool operator==(const Unsubscription&) const = default;
};

class UnsubscribeTokens {
 public:
  // Signs with `keys[current]`, accepts all of `keys`. `current` must be among them.
  UnsubscribeTokens(std::map<uint8_t, crypto::MacKey> keys, uint8_t current)
      : keys_(std::move(keys)), current_(current) {}

  // 42 characters of the base64url alphabet.
  std::string Issue(const Unsubscription& what) const;

  // PERMISSION_DENIED, reason TOKEN_INVALID, for everything that Issue did not make, to the letter, under one of our
  // keys; always the same text, compared in constant time.
  absl::StatusOr<Unsubscription> Open(absl::string_view token) const;

 private:
  std::map<uint8_t, crypto::MacKey> keys_;
  uint8_t current_;
};

}  // namespace masthead::notifications::mail

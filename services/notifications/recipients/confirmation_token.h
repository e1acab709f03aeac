// The token in the link of a letter that asks whether something is really wanted: who, what, by which address, until
// when; sealed so that nobody else can make one.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/crypto/mac.h"

namespace masthead::notifications {

struct Confirmation {
  int64_t recipient = 0;   // Numbers, as the service keeps them.
  int32_t topic = 0;       // 0: the letter asks about the address only.
  int64_t endpoint = 0;    // Where the letter went.
  absl::Time expire_time;  // To the second.

  bool operator==(const Confirmation&) const = default;
};

class ConfirmationTokens {
 public:
  // Any key of the service: the one for these is derived from it.
  explicit ConfirmationTokens(const crypto::MacKey& key) : key_(key.Derive("masthead confirmation token")) {}

  std::string Issue(const Confirmation& what) const;

  // PERMISSION_DENIED (TOKEN_INVALID) for everything that Issue did not make, to the letter; always the same text,
  // compared in constant time. Says nothing about the time.
  absl::StatusOr<Confirmation> Open(absl::string_view token) const;

 private:
  const crypto::MacKey key_;
};

}  // namespace masthead::notifications

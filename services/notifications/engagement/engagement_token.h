// The token in a link or a pixel that counts: of which message, and, only where the reader agreed to that, of which
// delivery. Sealed, a link together with where it leads: nobody else can make one, so none is an open redirect.
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

namespace masthead::notifications {

struct EngagementRef {
  int64_t message = 0;   // The number under which the service keeps the message: below 2^48.
  int64_t delivery = 0;  // Its seq in the message, below 2^40; 0: of nobody in particular.
  int variant = 0;       // 0 to 9.

  bool operator==(const EngagementRef&) const = default;
};

class EngagementTokens {
 public:
  // Signs with `keys[current]`, accepts all of `keys`. `current` must be among them.
  EngagementTokens(std::map<uint8_t, crypto::MacKey> keys, uint8_t current)
      : keys_(std::move(keys)), current_(current) {}

  // 40 characters of the base64url alphabet.
  std::string IssueLink(const EngagementRef& what, absl::string_view url) const;
  std::string IssuePixel(const EngagementRef& what) const;

  // PERMISSION_DENIED, reason TOKEN_INVALID, for everything that IssueLink did not make, to the letter, for this URL;
  // and IssuePixel. Compared in constant time.
  absl::StatusOr<EngagementRef> OpenLink(absl::string_view token, absl::string_view url) const;
  absl::StatusOr<EngagementRef> OpenPixel(absl::string_view token) const;

 private:
  std::string Issue(const EngagementRef& what, absl::string_view context) const;
  absl::StatusOr<EngagementRef> Open(absl::string_view token, absl::string_view context) const;

  std::map<uint8_t, crypto::MacKey> keys_;
  uint8_t current_;
};

}  // namespace masthead::notifications

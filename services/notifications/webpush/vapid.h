// Who we are, to push services (RFC 8292): a signed token for each of them, kept until it is about to end.
#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/webpush/p256_key.h"

namespace masthead::notifications::webpush {

// Used by one thread at a time.
class Vapid {
 public:
  // `subject` is where a push service can reach the newspaper: a mailto: or https: URI.
  Vapid(const P256Key& key, std::string subject) : key_(key), subject_(std::move(subject)) {}

  // The value of Authorization for a push service, by its origin: `https://push.example.net`.
  std::string Authorization(absl::string_view origin, absl::Time now);

 private:
  struct Token {
    std::string jwt;
    absl::Time renew_time;
  };

  const P256Key& key_;
  const std::string subject_;
  std::map<std::string, Token, std::less<>> tokens_;
};

// `https://push.example.net` of a URL there; empty if it is not https.
std::string OriginOf(absl::string_view url);

}  // namespace masthead::notifications::webpush

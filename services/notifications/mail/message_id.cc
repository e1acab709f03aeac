#include "services/notifications/mail/message_id.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"

namespace masthead::notifications::mail {
namespace {

// RFC 4648 section 6, in lower case and without padding.
std::string Base32(absl::string_view bytes) {
  constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (char c : bytes) {
    bits = bits << 8 | static_cast<uint8_t>(c);
    for (count += 8; count >= 5; count -= 5) out += kAlphabet[bits >> (count - 5) & 31];
  }
  if (count > 0) out += kAlphabet[bits << (5 - count) & 31];
  return out;
}

}  // namespace

std::string MessageId(absl::string_view message, absl::string_view endpoint, absl::string_view domain) {
  const std::string digest = crypto::Sha256(absl::StrCat(message, absl::string_view("\0", 1), endpoint));
  return absl::StrCat("<", Base32(absl::string_view(digest).substr(0, 16)), "@", domain, ">");
}

}  // namespace masthead::notifications::mail

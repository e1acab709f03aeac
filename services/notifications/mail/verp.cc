#include "services/notifications/mail/verp.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "services/notifications/mail/base32.h"

namespace masthead::notifications::mail {
namespace {

// version | key id | message, 6 bytes | delivery, 5 bytes | the first 12 bytes of the MAC; numbers big endian. 25 bytes
// are 40 characters of base32 with no bit left over: a token has one spelling but for its case.
constexpr char kVersion = 1;
constexpr int kMessageBytes = 6;
constexpr int kDeliveryBytes = 5;
constexpr size_t kPayloadBytes = 2 + kMessageBytes + kDeliveryBytes;
constexpr size_t kMacBytes = 12;
constexpr absl::string_view kPurpose("masthead.return-path.v1\0", 24);
constexpr size_t kMaxLocalPartBytes = 64;  // RFC 5321 section 4.5.3.1.1

void AppendBigEndian(std::string& out, int64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

int64_t ReadBigEndian(absl::string_view bytes) {
  int64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::string Seal(const crypto::MacKey& key, absl::string_view payload) {
  return key.Sign(absl::StrCat(kPurpose, payload)).substr(0, kMacBytes);
}

absl::Status Invalid() {
  return MakeError(absl::StatusCode::kPermissionDenied, "The return path is not one of ours.",
                   {.domain = "notifications.masthead", .reason = "TOKEN_INVALID"});
}

}  // namespace

std::string VerpTokens::Issue(const ReturnToken& what) const {
  std::string payload = {kVersion, static_cast<char>(current_)};
  AppendBigEndian(payload, what.message, kMessageBytes);
  AppendBigEndian(payload, what.delivery, kDeliveryBytes);
  return Base32(absl::StrCat(payload, Seal(keys_.at(current_), payload)));
}

absl::StatusOr<ReturnToken> VerpTokens::Open(absl::string_view token) const {
  const std::optional<std::string> bytes = ParseBase32(token);
  if (!bytes || bytes->size() != kPayloadBytes + kMacBytes || bytes->front() != kVersion) return Invalid();
  const absl::string_view payload = absl::string_view(*bytes).substr(0, kPayloadBytes);
  const auto key = keys_.find(static_cast<uint8_t>(payload[1]));
  if (key == keys_.end()) return Invalid();
  if (!crypto::ConstantTimeEquals(Seal(key->second, payload), absl::string_view(*bytes).substr(kPayloadBytes)))
    return Invalid();
  return ReturnToken{.message = ReadBigEndian(payload.substr(2, kMessageBytes)),
                     .delivery = ReadBigEndian(payload.substr(2 + kMessageBytes, kDeliveryBytes))};
}

std::string VerpTokens::ReturnPath(absl::string_view address, const ReturnToken& what) const {
  const size_t at = address.rfind('@');
  const std::string token = Issue(what);
  if (at == absl::string_view::npos || at + 1 + token.size() > kMaxLocalPartBytes) return std::string(address);
  return absl::StrCat(address.substr(0, at), "+", token, address.substr(at));
}

absl::StatusOr<ReturnToken> VerpTokens::OpenReturnPath(absl::string_view address) const {
  const absl::string_view local_part = address.substr(0, address.rfind('@'));
  const size_t plus = local_part.rfind('+');
  if (plus == absl::string_view::npos) return Invalid();
  return Open(local_part.substr(plus + 1));
}

}  // namespace masthead::notifications::mail

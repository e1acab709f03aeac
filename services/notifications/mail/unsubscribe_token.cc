#include "services/notifications/mail/unsubscribe_token.h"

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"

namespace masthead::notifications::mail {
namespace {

// version | key id | recipient, 8 bytes | topic, 4 bytes | scope | the first 16 bytes of the MAC; numbers big endian.
constexpr char kVersion = 1;
constexpr size_t kPayloadBytes = 1 + 1 + 8 + 4 + 1;
constexpr size_t kMacBytes = 16;
constexpr absl::string_view kPurpose("masthead.unsubscribe.v1\0", 24);

void AppendBigEndian(std::string& out, uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

uint64_t ReadBigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::string Seal(const crypto::MacKey& key, absl::string_view payload) {
  return key.Sign(absl::StrCat(kPurpose, payload)).substr(0, kMacBytes);
}

absl::Status Invalid() {
  return MakeError(absl::StatusCode::kPermissionDenied,
                   "The unsubscribe link is not one of ours. Use the link in a letter as it is.",
                   {.domain = "notifications.masthead", .reason = "TOKEN_INVALID"});
}

}  // namespace

std::string UnsubscribeTokens::Issue(const Unsubscription& what) const {
  std::string payload = {kVersion, static_cast<char>(current_)};
  AppendBigEndian(payload, what.recipient, 8);
  AppendBigEndian(payload, what.topic, 4);
  payload += static_cast<char>(what.scope);
  return crypto::Base64Url(absl::StrCat(payload, Seal(keys_.at(current_), payload)));
}

absl::StatusOr<Unsubscription> UnsubscribeTokens::Open(absl::string_view token) const {
  const absl::StatusOr<std::string> bytes = crypto::ParseBase64Url(token);
  if (!bytes.ok() || bytes->size() != kPayloadBytes + kMacBytes || bytes->front() != kVersion) return Invalid();
  const absl::string_view payload = absl::string_view(*bytes).substr(0, kPayloadBytes);
  const auto key = keys_.find(static_cast<uint8_t>(payload[1]));
  if (key == keys_.end()) return Invalid();
  if (!crypto::ConstantTimeEquals(Seal(key->second, payload), absl::string_view(*bytes).substr(kPayloadBytes)))
    return Invalid();
  return Unsubscription{.recipient = ReadBigEndian(payload.substr(2, 8)),
                        .topic = static_cast<uint32_t>(ReadBigEndian(payload.substr(10, 4))),
                        .scope = static_cast<uint8_t>(payload[14])};
}

}  // namespace masthead::notifications::mail

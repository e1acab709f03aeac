#include "services/notifications/recipients/confirmation_token.h"

#include "absl/strings/str_cat.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {
namespace {

// version | recipient, 8 bytes | topic, 4 | endpoint, 8 | end in seconds, 8 | the first 16 bytes of the MAC; numbers
// big endian.
constexpr char kVersion = 1;
constexpr size_t kPayloadBytes = 1 + 8 + 4 + 8 + 8;
constexpr size_t kMacBytes = 16;

void AppendBigEndian(std::string& out, uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

int64_t ReadBigEndian(absl::string_view bytes) {
  uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return static_cast<int64_t>(value);
}

}  // namespace

std::string ConfirmationTokens::Issue(const Confirmation& what) const {
  std::string payload = {kVersion};
  AppendBigEndian(payload, static_cast<uint64_t>(what.recipient), 8);
  AppendBigEndian(payload, static_cast<uint64_t>(what.topic), 4);
  AppendBigEndian(payload, static_cast<uint64_t>(what.endpoint), 8);
  AppendBigEndian(payload, static_cast<uint64_t>(absl::ToUnixSeconds(what.expire_time)), 8);
  return crypto::Base64Url(absl::StrCat(payload, key_.Sign(payload).substr(0, kMacBytes)));
}

absl::StatusOr<Confirmation> ConfirmationTokens::Open(absl::string_view token) const {
  const absl::StatusOr<std::string> bytes = crypto::ParseBase64Url(token);
  if (!bytes.ok() || bytes->size() != kPayloadBytes + kMacBytes || bytes->front() != kVersion) return TokenInvalid();
  const absl::string_view payload = absl::string_view(*bytes).substr(0, kPayloadBytes);
  const absl::string_view mac = absl::string_view(*bytes).substr(kPayloadBytes);
  if (!crypto::ConstantTimeEquals(key_.Sign(payload).substr(0, kMacBytes), mac)) return TokenInvalid();
  return Confirmation{.recipient = ReadBigEndian(payload.substr(1, 8)),
                      .topic = static_cast<int32_t>(ReadBigEndian(payload.substr(9, 4))),
                      .endpoint = ReadBigEndian(payload.substr(13, 8)),
                      .expire_time = absl::FromUnixSeconds(ReadBigEndian(payload.substr(21, 8)))};
}

}  // namespace masthead::notifications

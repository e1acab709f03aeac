#include "services/notifications/engagement/engagement_token.h"

#include "absl/strings/str_cat.h"
#include "services/notifications/errors.h"

namespace masthead::notifications {
namespace {

// version | key id | message, 6 bytes | delivery, 5 bytes | variant | the first 16 bytes of the MAC; numbers big
// endian. 30 bytes are 40 characters with no bit left over.
constexpr char kVersion = 1;
constexpr int kMessageBytes = 6;
constexpr int kDeliveryBytes = 5;
constexpr size_t kPayloadBytes = 2 + kMessageBytes + kDeliveryBytes + 1;
constexpr size_t kMacBytes = 16;
constexpr absl::string_view kLink("masthead.click.v1\0", 18);
constexpr absl::string_view kPixel("masthead.open.v1\0", 17);

void AppendBigEndian(std::string& out, int64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xFF);
}

int64_t ReadBigEndian(absl::string_view bytes) {
  int64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

// The payload has a fixed size: what follows it cannot be taken for a part of it.
std::string Seal(const crypto::MacKey& key, absl::string_view payload, absl::string_view context) {
  return key.Sign(absl::StrCat(payload, context)).substr(0, kMacBytes);
}

}  // namespace

std::string EngagementTokens::Issue(const EngagementRef& what, absl::string_view context) const {
  std::string payload = {kVersion, static_cast<char>(current_)};
  AppendBigEndian(payload, what.message, kMessageBytes);
  AppendBigEndian(payload, what.delivery, kDeliveryBytes);
  payload += static_cast<char>(what.variant);
  return crypto::Base64Url(absl::StrCat(payload, Seal(keys_.at(current_), payload, context)));
}

absl::StatusOr<EngagementRef> EngagementTokens::Open(absl::string_view token, absl::string_view context) const {
  const absl::StatusOr<std::string> bytes = crypto::ParseBase64Url(token);
  if (!bytes.ok() || bytes->size() != kPayloadBytes + kMacBytes || bytes->front() != kVersion) return TokenInvalid();
  const absl::string_view payload = absl::string_view(*bytes).substr(0, kPayloadBytes);
  const auto key = keys_.find(static_cast<uint8_t>(payload[1]));
  if (key == keys_.end()) return TokenInvalid();
  const absl::string_view mac = absl::string_view(*bytes).substr(kPayloadBytes);
  if (!crypto::ConstantTimeEquals(Seal(key->second, payload, context), mac)) return TokenInvalid();
  return EngagementRef{.message = ReadBigEndian(payload.substr(2, kMessageBytes)),
                       .delivery = ReadBigEndian(payload.substr(2 + kMessageBytes, kDeliveryBytes)),
                       .variant = payload.back()};
}

std::string EngagementTokens::IssueLink(const EngagementRef& what, absl::string_view url) const {
  return Issue(what, absl::StrCat(kLink, url));
}

std::string EngagementTokens::IssuePixel(const EngagementRef& what) const { return Issue(what, kPixel); }

absl::StatusOr<EngagementRef> EngagementTokens::OpenLink(absl::string_view token, absl::string_view url) const {
  return Open(token, absl::StrCat(kLink, url));
}

absl::StatusOr<EngagementRef> EngagementTokens::OpenPixel(absl::string_view token) const { return Open(token, kPixel); }

}  // namespace masthead::notifications

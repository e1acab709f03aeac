#include "services/memberships/meters/meter_keys.h"

#include <cstring>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace masthead::memberships {
namespace {

constexpr size_t kIdBytes = 16;
constexpr size_t kMacBytes = 16;

}  // namespace

MeterKeys::MeterKeys(const crypto::MacKey& mac_key)
    : reader_key_(mac_key.Derive("memberships.anonymous_readers")),
      article_key_(mac_key.Derive("memberships.metered_articles")) {}

std::string MeterKeys::IssueAnonymousReader() const {
  const std::string id = crypto::RandomBytes(kIdBytes);
  return crypto::Base64Url(absl::StrCat(id, reader_key_.Sign(id).substr(0, kMacBytes)));
}

std::optional<std::string> MeterKeys::AnonymousReaderKey(absl::string_view anonymous_reader) const {
  const absl::StatusOr<std::string> bytes = crypto::ParseBase64Url(anonymous_reader);
  if (!bytes.ok() || bytes->size() != kIdBytes + kMacBytes) return std::nullopt;
  const std::string id = bytes->substr(0, kIdBytes);
  if (!crypto::ConstantTimeEquals(reader_key_.Sign(id).substr(0, kMacBytes), bytes->substr(kIdBytes))) {
    return std::nullopt;
  }
  return absl::StrCat("anonymous/", crypto::Base64Url(id));
}

std::string MeterKeys::MemberKey(absl::string_view member_id) { return absl::StrCat("members/", member_id); }

int64_t MeterKeys::ArticleKey(absl::string_view article) const {
  const std::string mac = article_key_.Sign(article);
  int64_t key = 0;
  std::memcpy(&key, mac.data(), sizeof(key));
  return key;
}

}  // namespace masthead::memberships

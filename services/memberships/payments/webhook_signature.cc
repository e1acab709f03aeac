#include "services/memberships/payments/webhook_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/crypto/mac.h"

namespace masthead::memberships {
namespace {

constexpr size_t kMaxHeaderBytes = 4096;
constexpr size_t kMaxSignatures = 16;

struct Signatures {
  int64_t unix_seconds = 0;
  std::vector<std::string> v1;  // Hex; other schemes are left out.
};

std::optional<Signatures> Parse(absl::string_view header) {
  if (header.size() > kMaxHeaderBytes) return std::nullopt;
  Signatures signatures;
  int times = 0;
  for (const absl::string_view part : absl::StrSplit(header, ',')) {
    const std::pair<absl::string_view, absl::string_view> pair = absl::StrSplit(part, absl::MaxSplits('=', 1));
    const absl::string_view name = absl::StripAsciiWhitespace(pair.first);
    if (name == "t") {
      if (!absl::SimpleAtoi(pair.second, &signatures.unix_seconds)) return std::nullopt;
      ++times;
    } else if (name == "v1" && signatures.v1.size() < kMaxSignatures) {
      signatures.v1.emplace_back(pair.second);
    }
  }
  if (times != 1 || signatures.v1.empty()) return std::nullopt;
  return signatures;
}

std::string HexMac(absl::string_view secret, int64_t unix_seconds, absl::string_view body) {
  const std::string signed_text = absl::StrCat(unix_seconds, ".", body);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), mac, &size);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(mac), size));
}

bool IsBlank(absl::string_view secret) { return absl::StripAsciiWhitespace(secret).empty(); }

}  // namespace

bool IsSigned(absl::string_view body, absl::string_view header, const std::vector<std::string>& secrets,
              absl::Time now) {
  const std::optional<Signatures> signatures = Parse(header);
  if (!signatures) return false;
  const absl::Duration age = now - absl::FromUnixSeconds(signatures->unix_seconds);
  if (age > kSignatureTolerance || age < -kSignatureTolerance) return false;
  bool found = false;
  for (const std::string& secret : secrets) {
    if (IsBlank(secret)) continue;
    const std::string expected = HexMac(secret, signatures->unix_seconds, body);
    for (const std::string& given : signatures->v1) found |= crypto::ConstantTimeEquals(expected, given);
  }
  return found;
}

std::string SignatureHeader(absl::string_view body, absl::string_view secret, absl::Time now) {
  const int64_t unix_seconds = absl::ToUnixSeconds(now);
  return absl::StrCat("t=", unix_seconds, ",v1=", HexMac(secret, unix_seconds, body));
}

}  // namespace masthead::memberships

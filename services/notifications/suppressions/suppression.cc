#include "services/notifications/suppressions/suppression.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/text/text.h"

namespace masthead::notifications {

absl::StatusOr<std::string> HashOfAddress(absl::string_view address) {
  ASSIGN_OR_RETURN(const std::string canonical, text::NormalizeEmail(address));
  return crypto::Sha256(canonical);
}

std::string SuppressionName(absl::string_view address_hash) {
  return absl::StrCat("suppressions/", absl::BytesToHexString(address_hash));
}

std::optional<std::string> HashOfName(absl::string_view name) {
  constexpr size_t kDigits = 64;
  if (!absl::ConsumePrefix(&name, "suppressions/") || name.size() != kDigits) return std::nullopt;
  const bool hexadecimal = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || (c >= 'a' && c <= 'f');
  });
  if (!hexadecimal) return std::nullopt;
  return absl::HexStringToBytes(name);
}

}  // namespace masthead::notifications

// The domain: addresses that are not written to, by hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::notifications {

// Reasons and scopes are spelled as in the API and in the database.
struct Suppression {
  std::string address_hash;
  std::string reason = "MANUAL";
  std::string scope = "NON_TRANSACTIONAL";
  std::optional<absl::Time> expire_time;
  absl::Time create_time;
  int64_t revision = 1;
};

// SHA-256 of the address in canonical form: trimmed, the local part in lower case with its dots and `+tag`, the domain
// as lower-case A-labels. INVALID_ARGUMENT if it is no address.
absl::StatusOr<std::string> HashOfAddress(absl::string_view address);

// `suppressions/{64 hexadecimal digits}`, and the hash in it; nullopt if `name` is none's.
std::string SuppressionName(absl::string_view address_hash);
std::optional<std::string> HashOfName(absl::string_view name);

}  // namespace masthead::notifications

// Whose recipient a caller may reach.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/call.h"

namespace masthead::notifications {

// A member sees the recipient that the member is, and nobody else; nullopt: everybody. For LoadRecipient and
// LockRecipient.
std::optional<std::string> OnlyOwn(const rpc::Call& call);

// The IDs in `name`; INVALID_ARGUMENT (INVALID_FIELD) if it does not look like `pattern`.
absl::StatusOr<std::vector<std::string>> IdsIn(absl::string_view field, absl::string_view name,
                                               absl::string_view pattern);

// The recipient's ID in `recipients/{recipient}/preferences`; INVALID_ARGUMENT (INVALID_FIELD) if it is none such.
absl::StatusOr<std::string> RecipientOfPreferences(absl::string_view field, absl::string_view name);

// Whether it is empty, or the name of a zone of the IANA database.
bool IsTimeZone(absl::string_view name);
inline constexpr size_t kMaxTimeZone = 64;

}  // namespace masthead::notifications

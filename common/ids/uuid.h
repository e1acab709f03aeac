// Identifiers: UUIDs of RFC 9562 in their text form, lower case.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::ids {

// Version 7: sorts by time, unguessable enough to be a resource ID, never a secret.
std::string NewUuid(absl::Time now);
std::string NewUuid();  // With the system's clock.

bool IsUuid(absl::string_view text);

// What callers may choose as a resource ID (AIP-122): `[a-z]([a-z0-9-]{0,61}[a-z0-9])?`, or a UUID.
bool IsResourceId(absl::string_view text);

}  // namespace masthead::ids

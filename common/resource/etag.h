// Etags (AIP-154): a revision counter as an opaque, quoted string.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::resource {

std::string Etag(int64_t revision);

// OK if `etag` names `revision` or is `*`. INVALID_ARGUMENT, ETAG_REQUIRED, if it is empty; ABORTED, ETAG_MISMATCH, if
// it is another.
absl::Status CheckEtag(absl::string_view etag, int64_t revision, absl::string_view resource_name);

}  // namespace masthead::resource

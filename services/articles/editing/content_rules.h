// What may be saved. Text is brought into its normal form on the way; everything wrong is told at once.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "services/articles/editing/article.h"

namespace masthead::articles {

inline constexpr size_t kMaxBlocks = 2000;
inline constexpr size_t kMaxBodyBytes = 1 << 20;  // Serialised.

// Normalises and checks `content`, as a field `article` of a request.
void CheckContent(Content& content, FieldViolations& violations);

// A language of BCP 47 in its customary case (`uk`, `en-GB`), normalised in place.
void CheckLanguage(absl::string_view field, std::string& language_code, FieldViolations& violations);

// A public address: https or http, with a host.
void CheckWebUri(absl::string_view field, const std::string& uri, bool required, FieldViolations& violations);

}  // namespace masthead::articles

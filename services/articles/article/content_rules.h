// What may be saved. Text is brought into its normal form on the way; everything wrong is told at once.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "services/articles/article/content.h"

namespace masthead::articles {

inline constexpr int64_t kMaxHeadlineCodePoints = 300;

// Normalises and checks `content`, as a field `article` of a request.
void CheckContent(Content& content, FieldViolations& violations);

// Checks what no field can tell by itself: `content` is whole, with what the request leaves as it was, and what it adds
// to.
void CheckFieldsTogether(const Content& content, FieldViolations& violations);

// A language of BCP 47 in its customary case (`uk`, `en-GB`), normalised in place.
void CheckLanguage(absl::string_view field, std::string& language_code, FieldViolations& violations);

}  // namespace masthead::articles

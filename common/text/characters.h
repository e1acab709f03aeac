// What Unicode knows of single code points, and the way to walk over them. The one place that knows where it comes from
// (with graphemes of articles).
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::text {

// Takes the first code point off `utf8`, which must not be empty. A byte that begins none is U+FFFD.
char32_t TakeCodePoint(absl::string_view& utf8);

void AppendCodePoint(char32_t c, std::string& utf8);

// The first `code_points` of `utf8`, or all of it.
absl::string_view FirstCodePoints(absl::string_view utf8, int64_t code_points);

// General categories L*, Nd and M*.
bool IsLetter(char32_t c);
bool IsDigit(char32_t c);
bool IsMark(char32_t c);

inline bool IsLetterOrDigit(char32_t c) { return IsLetter(c) || IsDigit(c); }

// The property White_Space.
bool IsWhiteSpace(char32_t c);

// Shows a reader nothing, or nothing that is agreed on: controls, formats, private use, not assigned.
bool IsInvisible(char32_t c);

// The simple mapping, code point by code point: a final sigma and a dotted I need context, and do not get it.
char32_t ToLower(char32_t c);
std::string ToLower(absl::string_view utf8);

// What remains of a letter with diacritics: `e` of `é`. Another code point stays as it is. In NFC a Ukrainian `ї` is a
// letter with a diacritic too: look for those first that are letters in their own right.
char32_t WithoutDiacritics(char32_t c);

}  // namespace masthead::text

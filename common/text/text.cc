#include "common/text/text.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "unicode/bytestream.h"
#include "unicode/normalizer2.h"
#include "unicode/stringpiece.h"
#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace masthead::text {
namespace {

// What a text contains, found in one pass.
struct Traits {
  int64_t code_points = 0;
  bool control = false;     // But tab and line feed.
  bool line_break = false;  // Or tab.
  bool blank = true;
};

Traits Examine(absl::string_view utf8) {
  Traits traits;
  const auto* bytes = reinterpret_cast<const uint8_t*>(utf8.data());
  const auto size = static_cast<int32_t>(utf8.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    ++traits.code_points;
    if (c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029) {
      traits.line_break = true;
    } else if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) {
      traits.control = true;
    } else if (traits.blank && !u_isUWhiteSpace(c)) {
      traits.blank = false;
    }
  }
  return traits;
}

// U+202A..E are E2 80 AA..AE in UTF-8, U+2066..9 are E2 81 A6..A9.
bool IsBidiControl(absl::string_view utf8, size_t i) {
  if (utf8.size() - i < 3 || utf8[i] != '\xE2') return false;
  const char second = utf8[i + 1];
  const char third = utf8[i + 2];
  return (second == '\x80' && third >= '\xAA' && third <= '\xAE') ||
         (second == '\x81' && third >= '\xA6' && third <= '\xA9');
}

std::string Clean(absl::string_view utf8) {
  std::string clean;
  clean.reserve(utf8.size());
  for (size_t i = 0; i < utf8.size(); ++i) {
    if (IsBidiControl(utf8, i)) {
      i += 2;
    } else if (utf8[i] == '\r') {
      clean += '\n';
      if (i + 1 < utf8.size() && utf8[i + 1] == '\n') ++i;
    } else {
      clean += utf8[i];
    }
  }
  return clean;
}

void Check(absl::string_view field, std::string& value, int64_t max_code_points, bool required, bool one_line,
           FieldViolations& violations) {
  value = Normalize(value);
  const Traits traits = Examine(value);
  if (traits.control) {
    violations.Add(field, "must not contain control characters");
  } else if (one_line && traits.line_break) {
    violations.Add(field, "must be on one line, without tabs");
  } else if (traits.code_points > max_code_points) {
    violations.Add(field, absl::StrCat("must have at most ", max_code_points, " characters"));
  } else if (required && traits.blank) {
    violations.Add(field, "must not be empty");
  }
}

}  // namespace

int64_t CodePoints(absl::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

std::string Normalize(absl::string_view utf8) {
  const std::string clean = Clean(utf8);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  // ICU carries the data for NFC in its library.
  if (U_FAILURE(error)) std::abort();
  const icu::StringPiece source(clean.data(), static_cast<int32_t>(clean.size()));
  if (nfc->isNormalizedUTF8(source, error) && U_SUCCESS(error)) return clean;
  std::string normalized;
  icu::StringByteSink<std::string> sink(&normalized, static_cast<int32_t>(clean.size()));
  error = U_ZERO_ERROR;
  nfc->normalizeUTF8(0, source, sink, nullptr, error);
  if (U_FAILURE(error)) std::abort();
  return normalized;
}

void CheckText(absl::string_view field, std::string& value, int64_t max_code_points, bool required,
               FieldViolations& violations) {
  Check(field, value, max_code_points, required, /*one_line=*/false, violations);
}

void CheckLine(absl::string_view field, std::string& value, int64_t max_code_points, bool required,
               FieldViolations& violations) {
  Check(field, value, max_code_points, required, /*one_line=*/true, violations);
}

}  // namespace masthead::text

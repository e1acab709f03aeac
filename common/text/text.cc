#include "common/text/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/characters.h"

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
  while (!utf8.empty()) {
    const char32_t c = TakeCodePoint(utf8);
    ++traits.code_points;
    if (c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029) {
      traits.line_break = true;
    } else if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) {
      traits.control = true;
    } else if (traits.blank && !IsWhiteSpace(c)) {
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

// The length of the character that begins at `i`, if it is one of those that NFC never touches, whatever their
// neighbours: Latin below the combining accents, Cyrillic but its titla (U+0483..9), general punctuation but two spaces
// (U+2000, U+2001), emoji and what joins them. Else 0.
size_t SettledCharacter(absl::string_view utf8, size_t i) {
  const auto byte = [&](size_t offset) -> int {
    return i + offset < utf8.size() ? static_cast<unsigned char>(utf8[i + offset]) : 0;
  };
  const int lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead <= 0xCB || lead == 0xD0 || lead == 0xD1 || lead == 0xD3 || lead == 0xD4) return 2;
  if (lead == 0xD2) return byte(1) < 0x83 || byte(1) > 0x89 ? 2 : 0;
  if (lead == 0xE2) return byte(1) == 0x81 || (byte(1) == 0x80 && byte(2) > 0x81) ? 3 : 0;
  if (lead == 0xEF) return byte(1) == 0xB8 && byte(2) == 0x8F ? 3 : 0;
  if (lead == 0xF0) return byte(1) == 0x9F ? 4 : 0;
  return 0;
}

// Most texts are known to be in NFC after this one look.
bool IsSurelyComposed(absl::string_view utf8) {
  for (size_t i = 0; i < utf8.size();) {
    const size_t length = SettledCharacter(utf8, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
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
  std::string clean = Clean(utf8);
  if (IsSurelyComposed(clean)) return clean;
  utf8proc_uint8_t* composed = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(clean.data()), static_cast<utf8proc_ssize_t>(clean.size()),
                   &composed, static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(composed, &std::free);
  if (size == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (size < 0) return clean;  // Not UTF-8.
  return std::string(reinterpret_cast<const char*>(composed), size);
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

#include "common/text/characters.h"

#include <utf8proc.h>

#include <array>

namespace masthead::text {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

utf8proc_category_t Category(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

}  // namespace

char32_t TakeCodePoint(absl::string_view& utf8) {
  // ASCII is most of what goes through here.
  if (static_cast<unsigned char>(utf8.front()) < 0x80) {
    const char c = utf8.front();
    utf8.remove_prefix(1);
    return static_cast<char32_t>(c);
  }
  utf8proc_int32_t c = 0;
  const utf8proc_ssize_t bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                                  static_cast<utf8proc_ssize_t>(utf8.size()), &c);
  utf8.remove_prefix(bytes > 0 ? bytes : 1);
  return bytes > 0 ? static_cast<char32_t>(c) : kReplacement;
}

void AppendCodePoint(char32_t c, std::string& utf8) {
  std::array<utf8proc_uint8_t, 4> bytes;
  const utf8proc_ssize_t size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
  utf8.append(reinterpret_cast<const char*>(bytes.data()), size);
}

absl::string_view FirstCodePoints(absl::string_view utf8, int64_t code_points) {
  absl::string_view rest = utf8;
  for (; code_points > 0 && !rest.empty(); --code_points) TakeCodePoint(rest);
  return utf8.substr(0, utf8.size() - rest.size());
}

bool IsLetter(char32_t c) {
  const utf8proc_category_t category = Category(c);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool IsDigit(char32_t c) { return Category(c) == UTF8PROC_CATEGORY_ND; }

bool IsMark(char32_t c) {
  const utf8proc_category_t category = Category(c);
  return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

bool IsWhiteSpace(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r');
  const utf8proc_category_t category = Category(c);
  return c == 0x85 || (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

bool IsInvisible(char32_t c) {
  const utf8proc_category_t category = Category(c);
  return category == UTF8PROC_CATEGORY_CN || category >= UTF8PROC_CATEGORY_CC;
}

char32_t ToLower(char32_t c) { return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c))); }

std::string ToLower(absl::string_view utf8) {
  std::string lower;
  lower.reserve(utf8.size());
  while (!utf8.empty()) AppendCodePoint(ToLower(TakeCodePoint(utf8)), lower);
  return lower;
}

char32_t WithoutDiacritics(char32_t c) {
  std::array<utf8proc_int32_t, 8> decomposed;  // No canonical decomposition is longer than four.
  int boundary = 0;
  const utf8proc_ssize_t size = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), decomposed.data(),
                                                        decomposed.size(), UTF8PROC_DECOMPOSE, &boundary);
  return size > 0 ? static_cast<char32_t>(decomposed[0]) : c;
}

}  // namespace masthead::text

#include "services/notifications/sms/segments.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/text/characters.h"
#include "common/text/text.h"

namespace masthead::notifications::sms {
namespace {

constexpr absl::string_view kDefaultAlphabet =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr absl::string_view kExtension = "\f^{}\\[~]|€";  // An escape before each.

struct Capacity {
  int alone;
  int in_several;
};
constexpr Capacity kSeptets = {.alone = 160, .in_several = 153};
constexpr Capacity kUtf16 = {.alone = 70, .in_several = 67};

std::set<char32_t> CharactersOf(absl::string_view utf8) {
  std::set<char32_t> characters;
  while (!utf8.empty()) characters.insert(text::TakeCodePoint(utf8));
  return characters;
}

// 0 if GSM 7 does not have it.
int SeptetsOf(char32_t c) {
  static const std::set<char32_t>& alphabet = *new std::set<char32_t>(CharactersOf(kDefaultAlphabet));
  static const std::set<char32_t>& extension = *new std::set<char32_t>(CharactersOf(kExtension));
  if (alphabet.contains(c)) return 1;
  return extension.contains(c) ? 2 : 0;
}

bool IsGsm7(absl::string_view utf8) {
  while (!utf8.empty()) {
    if (SeptetsOf(text::TakeCodePoint(utf8)) == 0) return false;
  }
  return true;
}

}  // namespace

Segments CountSegments(absl::string_view utf8) {
  Segments segments = {.encoding = IsGsm7(utf8) ? Encoding::kGsm7 : Encoding::kUcs2};
  const bool gsm7 = segments.encoding == Encoding::kGsm7;
  const Capacity& capacity = gsm7 ? kSeptets : kUtf16;
  int several = 1;  // Segments, if there are several.
  int in_last = 0;
  while (!utf8.empty()) {
    const char32_t c = text::TakeCodePoint(utf8);
    const int size = gsm7 ? SeptetsOf(c) : (c > 0xFFFF ? 2 : 1);
    segments.units += size;
    if (in_last + size > capacity.in_several) {
      ++several;
      in_last = 0;
    }
    in_last += size;
  }
  segments.count = segments.units <= capacity.alone ? 1 : several;
  return segments;
}

std::string FitWithUrl(absl::string_view text, absl::string_view url, int max_segments) {
  const auto fits = [&](absl::string_view candidate) { return CountSegments(candidate).count <= max_segments; };
  std::string whole = absl::StrCat(text, " ", url);
  if (fits(whole)) return whole;
  // The longest beginning that fits. Fewer characters may also mean the smaller alphabet, never more segments.
  int64_t fitting = 0, too_long = text::CodePoints(text);
  const auto cut = [&](int64_t characters) {
    return absl::StrCat(text::FirstCodePoints(text, characters), "... ", url);
  };
  while (fitting + 1 < too_long) {
    const int64_t middle = fitting + (too_long - fitting) / 2;
    (fits(cut(middle)) ? fitting : too_long) = middle;
  }
  return fitting == 0 ? std::string(url) : cut(fitting);
}

}  // namespace masthead::notifications::sms

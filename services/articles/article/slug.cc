#include "services/articles/article/slug.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/text/characters.h"

namespace masthead::articles {
namespace {

constexpr size_t kSuffixRoom = 12;
constexpr char32_t kZe = U'з';
constexpr char32_t kHe = U'г';

struct Letter {
  char32_t letter;
  const char* at_start;  // Of a word.
  const char* within;
};

// Resolution of the Cabinet of Ministers of Ukraine No. 55 of 27 January 2010. Letters after the empty line are not
// Ukrainian.
constexpr std::array kCyrillic = {
    Letter{U'а', "a", "a"},   Letter{U'б', "b", "b"},       Letter{U'в', "v", "v"},   Letter{U'г', "h", "h"},
    Letter{U'ґ', "g", "g"},   Letter{U'д', "d", "d"},       Letter{U'е', "e", "e"},   Letter{U'є', "ye", "ie"},
    Letter{U'ж', "zh", "zh"}, Letter{U'з', "z", "z"},       Letter{U'и', "y", "y"},   Letter{U'і', "i", "i"},
    Letter{U'ї', "yi", "i"},  Letter{U'й', "y", "i"},       Letter{U'к', "k", "k"},   Letter{U'л', "l", "l"},
    Letter{U'м', "m", "m"},   Letter{U'н', "n", "n"},       Letter{U'о', "o", "o"},   Letter{U'п', "p", "p"},
    Letter{U'р', "r", "r"},   Letter{U'с', "s", "s"},       Letter{U'т', "t", "t"},   Letter{U'у', "u", "u"},
    Letter{U'ф', "f", "f"},   Letter{U'х', "kh", "kh"},     Letter{U'ц', "ts", "ts"}, Letter{U'ч', "ch", "ch"},
    Letter{U'ш', "sh", "sh"}, Letter{U'щ', "shch", "shch"}, Letter{U'ь', "", ""},     Letter{U'ю', "yu", "iu"},
    Letter{U'я', "ya", "ia"},

    Letter{U'ё', "yo", "io"}, Letter{U'ъ', "", ""},         Letter{U'ы', "y", "y"},   Letter{U'э', "e", "e"},
    Letter{U'ў', "u", "u"},   Letter{U'ј', "j", "j"},       Letter{U'љ', "lj", "lj"}, Letter{U'њ', "nj", "nj"},
    Letter{U'ћ', "c", "c"},   Letter{U'ђ', "dj", "dj"},     Letter{U'џ', "dz", "dz"},
};

// Latin letters that decomposition leaves as they are.
constexpr std::array kLatin = {
    Letter{U'ß', "ss", "ss"}, Letter{U'æ', "ae", "ae"}, Letter{U'œ', "oe", "oe"}, Letter{U'ø', "o", "o"},
    Letter{U'ł', "l", "l"},   Letter{U'đ', "d", "d"},   Letter{U'ð', "d", "d"},   Letter{U'þ', "th", "th"},
    Letter{U'ı', "i", "i"},   Letter{U'ħ', "h", "h"},
};

template <size_t size>
const Letter* Find(const std::array<Letter, size>& letters, char32_t c) {
  const auto found = std::find_if(letters.begin(), letters.end(), [c](const Letter& l) { return l.letter == c; });
  return found == letters.end() ? nullptr : &*found;
}

bool IsApostrophe(char32_t c) { return c == '\'' || c == U'’' || c == U'ʼ' || c == '`' || c == U'‘'; }

// The ASCII letters of a Latin letter with diacritics; empty for anything else.
std::string WithoutDiacritics(char32_t c) {
  if (const Letter* letter = Find(kLatin, c)) return letter->within;
  const char32_t base = text::ToLower(text::WithoutDiacritics(c));
  return base < 0x80 && absl::ascii_isalnum(static_cast<unsigned char>(base)) ? std::string(1, static_cast<char>(base))
                                                                              : "";
}

// Cuts at a hyphen if there is one that leaves at least half.
std::string Cut(std::string slug, size_t max) {
  if (slug.size() <= max) return slug;
  const size_t hyphen = slug.rfind('-', max);
  slug.resize(hyphen != std::string::npos && hyphen >= max / 2 ? hyphen : max);
  return std::string(absl::StripSuffix(slug, "-"));
}

}  // namespace

bool IsSlug(absl::string_view slug) {
  if (slug.empty() || slug.size() > kMaxSlugBytes || slug.front() == '-' || slug.back() == '-') return false;
  const auto allowed = [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-'; };
  return std::all_of(slug.begin(), slug.end(), allowed) && slug.find("--") == absl::string_view::npos;
}

std::string MakeSlug(absl::string_view headline, absl::string_view fallback) {
  std::string slug;
  bool in_word = false;
  char32_t before = 0;
  const auto append = [&](absl::string_view letters) {
    if (!in_word && !slug.empty() && !letters.empty()) slug += '-';
    absl::StrAppend(&slug, letters);
    in_word = true;
  };
  while (!headline.empty()) {
    const char32_t c = text::ToLower(text::TakeCodePoint(headline));
    if (c < 0x80 && absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      append(std::string(1, static_cast<char>(c)));
    } else if (const Letter* letter = Find(kCyrillic, c)) {
      const bool zgh = before == kZe && c == kHe;  // Not zh, which is ж.
      append(zgh ? "gh" : in_word ? letter->within : letter->at_start);
    } else if (const std::string latin = WithoutDiacritics(c); !latin.empty()) {
      append(latin);
    } else if (!IsApostrophe(c) && !text::IsMark(c)) {
      in_word = false;
    }
    before = c;
  }
  if (slug.empty()) return std::string(fallback);
  return Cut(std::move(slug), kMaxSlugBytes - kSuffixRoom);
}

std::string WithSuffix(absl::string_view slug, int n) {
  const std::string suffix = absl::StrCat("-", n);
  return absl::StrCat(Cut(std::string(slug), kMaxSlugBytes - suffix.size()), suffix);
}

}  // namespace masthead::articles

#include "services/notifications/desks/desk_letter.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/mac.h"

namespace masthead::notifications {
namespace {

constexpr int kMostLinks = 5;

int CountOf(absl::string_view text, absl::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != absl::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

bool IsWordByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || (c & 0x80) != 0; }

}  // namespace

std::string DeskLetterName(absl::string_view id) { return absl::StrCat("deskLetters/", id); }

std::optional<std::string> CauseOfRefusal(const DeskLetterWords& words) {
  const std::string all = absl::AsciiStrToLower(absl::StrCat(words.sender_name, "\n", words.subject, "\n", words.text));
  for (const char* markup : {"<a ", "</a>", "[url", "[link", "<script", "<iframe", "<img"}) {
    if (absl::StrContains(all, markup)) return "MARKUP";
  }
  if (CountOf(all, "http://") + CountOf(all, "https://") > kMostLinks) return "TOO_MANY_LINKS";
  return std::nullopt;
}

std::string WordsHash(absl::string_view text) {
  std::string words = absl::AsciiStrToLower(text);
  words.erase(std::remove_if(words.begin(), words.end(), [](char c) { return !IsWordByte(c); }), words.end());
  return crypto::Sha256(words);
}

}  // namespace masthead::notifications

#include "services/notifications/mail/header_text.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/notifications/mail/mail_errors.h"

namespace masthead::notifications::mail {
namespace {

constexpr size_t kMaxLine = 76;           // RFC 2047 section 2, of lines with encoded words
constexpr size_t kMaxEncodedWord = 75;    // the same
constexpr size_t kMaxAddressBytes = 254;  // RFC 5321 section 4.5.3.1.3, erratum 1690
constexpr size_t kMaxLocalPartBytes = 64;
constexpr absl::string_view kWordStart = "=?UTF-8?B?";
constexpr absl::string_view kWordEnd = "?=";

// The bytes of a code point whose first is `first`; 0 if none starts so.
size_t EncodedLength(uint8_t first) {
  if (first < 0x80) return 1;
  if (first < 0xC2 || first >= 0xF5) return 0;
  return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

// The bytes of the code point that starts at `at`; 0 if it is not UTF-8 (overlong and surrogates included).
size_t CodePointLength(absl::string_view text, size_t at, uint32_t& code_point) {
  const auto first = static_cast<uint8_t>(text[at]);
  const size_t length = EncodedLength(first);
  if (length == 0 || at + length > text.size()) return 0;
  code_point = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(text[at + i]);
    if ((byte & 0xC0U) != 0x80) return 0;
    code_point = code_point << 6 | (byte & 0x3FU);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
  return code_point < kSmallest[length] || surrogate || code_point > 0x10FFFF ? 0 : length;
}

bool BreaksLines(uint32_t code_point) {
  return (code_point < 0x20 && code_point != '\t') || (code_point >= 0x7F && code_point < 0xA0) ||
         code_point == 0x2028 || code_point == 0x2029;
}

bool IsPrintableAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool IsAtomCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::StrContains("!#$%&'*+-/=?^_`{|}~", absl::string_view(&c, 1));
}

// RFC 5322 section 3.2.3, and RFC 6532 section 3.2 for what is beyond ASCII.
bool IsDotAtom(absl::string_view text) {
  const std::vector<absl::string_view> atoms = absl::StrSplit(text, '.');
  return std::all_of(atoms.begin(), atoms.end(), [](absl::string_view atom) {
    return !atom.empty() && std::all_of(atom.begin(), atom.end(),
                                        [](char c) { return static_cast<uint8_t>(c) >= 0x80 || IsAtomCharacter(c); });
  });
}

bool IsDomain(absl::string_view text) {
  const std::vector<absl::string_view> labels = absl::StrSplit(text, '.');
  return std::all_of(labels.begin(), labels.end(), [](absl::string_view label) {
    return !label.empty() && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(),
                       [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-'; });
  });
}

// Raw text may stand in a header only if a reader gets back what was written: nothing that reads as an encoded word, no
// space at the ends, no word too long for a line.
bool StaysRaw(absl::string_view text) {
  if (!IsPrintableAscii(text) || absl::StrContains(text, "=?")) return false;
  if (text.empty()) return true;
  if (text.front() == ' ' || text.back() == ' ') return false;
  size_t word = 0;
  for (char c : text) {
    word = c == ' ' ? 0 : word + 1;
    if (word > kMaxLine - 1) return false;
  }
  return true;
}

std::string EncodeWords(absl::string_view text, size_t used) {
  std::string out;
  while (!text.empty()) {
    const size_t room = std::min(kMaxEncodedWord, kMaxLine - std::min(used, kMaxLine));
    const size_t overhead = kWordStart.size() + kWordEnd.size();
    const size_t max_bytes = room > overhead ? (room - overhead) / 4 * 3 : 0;
    size_t taken = 0;
    uint32_t code_point = 0;
    while (taken < text.size()) {
      const size_t length = std::max<size_t>(1, CodePointLength(text, taken, code_point));
      if (taken + length > max_bytes) break;
      taken += length;
    }
    if (taken > 0) absl::StrAppend(&out, kWordStart, absl::Base64Escape(text.substr(0, taken)), kWordEnd);
    text.remove_prefix(taken);
    if (!text.empty()) out += "\r\n ";
    used = 1;
  }
  return out;
}

// Folds before a space that stands between two words; unfolding gives the text back.
std::string FoldRaw(absl::string_view text, size_t used) {
  std::string out;
  size_t column = used;
  size_t start = 0;
  while (start < text.size()) {
    const size_t word = text.find_first_not_of(' ', start);
    const size_t end = std::min(text.find(' ', word), text.size());
    if (start > 0 && column + (end - start) > kMaxLine) {
      out += "\r\n";
      column = 0;
    }
    absl::StrAppend(&out, text.substr(start, end - start));
    column += end - start;
    start = end;
  }
  return out;
}

std::string EncodePhrase(absl::string_view name, size_t used) {
  if (!StaysRaw(name)) return EncodeWords(name, used);
  const bool atoms = std::all_of(name.begin(), name.end(), [](char c) { return c == ' ' || IsAtomCharacter(c); });
  if (atoms) return FoldRaw(name, used);
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  quoted += '"';
  // A quoted string is not folded: it goes as encoded words where it does not fit its line.
  return used + quoted.size() > kMaxLine ? EncodeWords(name, used) : quoted;
}

}  // namespace

absl::Status CheckHeaderText(absl::string_view field, absl::string_view value) {
  for (size_t at = 0; at < value.size();) {
    uint32_t code_point = 0;
    const size_t length = CodePointLength(value, at, code_point);
    if (length == 0 || BreaksLines(code_point)) return HeaderInjection(field);
    at += length;
  }
  return absl::OkStatus();
}

absl::Status CheckAddress(absl::string_view field, absl::string_view address, bool smtputf8) {
  if (absl::Status status = CheckHeaderText(field, address); !status.ok()) return status;
  if (address.empty() || address.size() > kMaxAddressBytes) return InvalidAddress(field, "must have 1 to 254 bytes");
  const size_t at = address.rfind('@');
  if (at == absl::string_view::npos || at == 0 || at > kMaxLocalPartBytes) {
    return InvalidAddress(field, "must be local-part@domain, the local part of 1 to 64 bytes");
  }
  const absl::string_view local_part = address.substr(0, at);
  if (!smtputf8 && !IsPrintableAscii(local_part)) {
    return InvalidAddress(field, "has a local part beyond ASCII, which needs SMTPUTF8");
  }
  if (!IsDotAtom(local_part)) return InvalidAddress(field, "has a local part that is no dot-atom");
  if (!IsDomain(address.substr(at + 1))) return InvalidAddress(field, "has a domain that is not made of A-labels");
  return absl::OkStatus();
}

std::string EncodeUnstructured(absl::string_view value, size_t used) {
  return StaysRaw(value) ? FoldRaw(value, used) : EncodeWords(value, used);
}

std::string EncodeMailbox(absl::string_view name, absl::string_view address, size_t used) {
  if (name.empty()) return std::string(address);
  std::string out = EncodePhrase(name, used);
  const size_t last_break = out.rfind('\n');
  const size_t column = last_break == std::string::npos ? used + out.size() : out.size() - last_break - 1;
  const bool fits = column + address.size() + 3 <= kMaxLine;
  absl::StrAppend(&out, fits ? " <" : "\r\n <", address, ">");
  return out;
}

}  // namespace masthead::notifications::mail

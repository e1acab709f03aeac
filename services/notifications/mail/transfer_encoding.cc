#include "services/notifications/mail/transfer_encoding.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace masthead::notifications::mail {
namespace {

constexpr size_t kMaxLine = 76;          // RFC 2045 section 6.7 and 6.8
constexpr size_t kBase64LineBytes = 57;  // 76 characters

std::string WithCrlf(absl::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' || text[i] == '\n') {
      if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      out += "\r\n";
    } else {
      out += text[i];
    }
  }
  return out;
}

bool IsQuotedPrintableLiteral(char c) { return c >= ' ' && c <= '~' && c != '='; }

// `text` has CRLF only. A space at the end of a line is encoded (it would be lost), and a dot at its start, so that
// nothing on the way has to stuff it.
std::string QuotedPrintable(absl::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  size_t column = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\r') {
      out += "\r\n";
      column = 0;
      ++i;
      continue;
    }
    const bool ends_line = i + 1 == text.size() || text[i + 1] == '\r';
    bool escaped = !IsQuotedPrintableLiteral(c) || (c == ' ' && ends_line);
    if (column + (escaped ? 3 : 1) > kMaxLine - 1) {
      out += "=\r\n";
      column = 0;
    }
    escaped = escaped || (c == '.' && column == 0);
    if (escaped) {
      const auto byte = static_cast<uint8_t>(c);
      out += {'=', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
    column += escaped ? 3 : 1;
  }
  return out;
}

// Lines of at most 76 characters, each ended by CRLF.
std::string Base64Lines(absl::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 3 / 2);
  for (size_t at = 0; at < bytes.size(); at += kBase64LineBytes) {
    absl::StrAppend(&out, absl::Base64Escape(bytes.substr(at, kBase64LineBytes)), "\r\n");
  }
  return out;
}

size_t QuotedPrintableSize(absl::string_view text) {
  const auto escaped = static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return !IsQuotedPrintableLiteral(c) && c != '\r' && c != '\n'; }));
  return text.size() + 2 * escaped;
}

}  // namespace

EncodedBody::EncodedBody(absl::string_view text, absl::string_view slot) {
  const std::string lines = WithCrlf(text);
  base64_ = QuotedPrintableSize(lines) > lines.size() * 4 / 3;
  std::vector<absl::string_view> parts = {lines};
  if (!slot.empty()) parts = absl::StrSplit(lines, slot);
  for (size_t i = 0; i < parts.size(); ++i) {
    Piece piece{.text = std::string(parts[i]), .quoted_printable = {}, .base64 = {}};
    const bool last = i + 1 == parts.size();
    if (!base64_) {
      piece.quoted_printable = QuotedPrintable(parts[i]);
    } else {
      for (size_t phase = 0; phase < (i == 0 ? 1 : 3); ++phase) {
        const size_t skipped = std::min(phase, parts[i].size());
        const size_t rest = parts[i].size() - skipped;
        piece.base64[phase] = Base64Lines(parts[i].substr(skipped, last ? rest : rest - rest % 3));
      }
    }
    pieces_.push_back(std::move(piece));
  }
}

void EncodedBody::Append(std::string& out, absl::string_view value) const {
  if (!base64_) {
    const std::string encoded = has_slots() ? QuotedPrintable(value) : std::string();
    for (size_t i = 0; i < pieces_.size(); ++i) {
      // A soft line break on either side: what stands before and after a slot was encoded without knowing its length.
      if (i > 0) absl::StrAppend(&out, "=\r\n", encoded, "=\r\n");
      out += pieces_[i].quoted_printable;
    }
    if (!absl::EndsWith(pieces_.back().quoted_printable, "\r\n")) out += "\r\n";
    return;
  }
  std::string carried;  // Bytes that wait for the rest of their group of three.
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const absl::string_view text = pieces_[i].text;
    const bool last = i + 1 == pieces_.size();
    size_t phase = 0;
    if (i > 0) {
      absl::StrAppend(&carried, value);
      phase = std::min((3 - carried.size() % 3) % 3, text.size());
      absl::StrAppend(&carried, text.substr(0, phase));
      // A piece too short to fill the group goes on being carried, unless nothing follows.
      const size_t whole = last ? carried.size() : carried.size() - carried.size() % 3;
      out += Base64Lines(absl::string_view(carried).substr(0, whole));
      carried.erase(0, whole);
    }
    out += pieces_[i].base64[phase];
    if (!last) absl::StrAppend(&carried, text.substr(text.size() - (text.size() - phase) % 3));
  }
}

}  // namespace masthead::notifications::mail

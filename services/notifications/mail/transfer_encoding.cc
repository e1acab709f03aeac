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

void AppendEscaped(std::string& out, char c) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<uint8_t>(c);
  out += {'=', kHex[byte >> 4], kHex[byte & 15]};
}

// A space at the end of the line is encoded (it would be lost), and a dot at its start, so that nothing on the way has
// to stuff it.
void AppendQuotedPrintableLine(std::string& out, absl::string_view line) {
  size_t column = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    bool escaped = !IsQuotedPrintableLiteral(line[i]) || (line[i] == ' ' && i + 1 == line.size());
    if (column + (escaped ? 3 : 1) > kMaxLine - 1) {
      out += "=\r\n";
      column = 0;
    }
    escaped = escaped || (line[i] == '.' && column == 0);
    if (escaped) {
      AppendEscaped(out, line[i]);
    } else {
      out += line[i];
    }
    column += escaped ? 3 : 1;
  }
}

// `text` has CRLF only.
std::string QuotedPrintable(absl::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (size_t end; (end = text.find("\r\n")) != absl::string_view::npos; text.remove_prefix(end + 2)) {
    AppendQuotedPrintableLine(out, text.substr(0, end));
    out += "\r\n";
  }
  AppendQuotedPrintableLine(out, text);
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

// `text` without its first 0, 1 or 2 bytes, and without what fills no group of three, unless it is the `last` piece.
std::array<std::string, 3> Base64ByPhase(absl::string_view text, bool last) {
  std::array<std::string, 3> encoded;
  for (size_t phase = 0; phase < encoded.size(); ++phase) {
    const absl::string_view rest = text.substr(std::min(phase, text.size()));
    encoded[phase] = Base64Lines(last ? rest : rest.substr(0, rest.size() - rest.size() % 3));
  }
  return encoded;
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
  for (const absl::string_view& part : parts) {
    Piece& piece = pieces_.emplace_back();
    piece.text = std::string(part);
    if (base64_) {
      piece.base64 = Base64ByPhase(part, &part == &parts.back());
    } else {
      piece.quoted_printable = QuotedPrintable(part);
    }
  }
}

void EncodedBody::Append(std::string& out, absl::string_view value) const {
  if (base64_) {
    AppendBase64(out, value);
  } else {
    AppendQuotedPrintable(out, value);
  }
}

void EncodedBody::AppendQuotedPrintable(std::string& out, absl::string_view value) const {
  const std::string encoded = has_slots() ? QuotedPrintable(value) : std::string();
  for (const Piece& piece : pieces_) {
    // A soft line break on either side: what stands before and after a slot was encoded without knowing its length.
    if (&piece != &pieces_.front()) absl::StrAppend(&out, "=\r\n", encoded, "=\r\n");
    out += piece.quoted_printable;
  }
  if (!absl::EndsWith(pieces_.back().quoted_printable, "\r\n")) out += "\r\n";
}

void EncodedBody::AppendBase64(std::string& out, absl::string_view value) const {
  std::string carried;  // Bytes that wait for the rest of their group of three.
  for (const Piece& piece : pieces_) {
    const absl::string_view text = piece.text;
    const bool last = &piece == &pieces_.back();
    size_t phase = 0;
    if (&piece != &pieces_.front()) {
      absl::StrAppend(&carried, value);
      phase = std::min((3 - carried.size() % 3) % 3, text.size());
      absl::StrAppend(&carried, text.substr(0, phase));
      // A piece too short to fill the group goes on being carried, unless nothing follows.
      const size_t whole = last ? carried.size() : carried.size() - carried.size() % 3;
      out += Base64Lines(absl::string_view(carried).substr(0, whole));
      carried.erase(0, whole);
    }
    out += piece.base64[phase];
    if (!last) absl::StrAppend(&carried, text.substr(text.size() - (text.size() - phase) % 3));
  }
}

}  // namespace masthead::notifications::mail

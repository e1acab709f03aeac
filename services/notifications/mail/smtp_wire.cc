#include "services/notifications/mail/smtp_wire.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace masthead::notifications::mail {
namespace {

constexpr size_t kMaxLineBytes = 998;  // RFC 5321 section 4.5.3.1.6, without CRLF
constexpr size_t kMaxAddressBytes = 254;

// Eight bytes at a time: it looks at every byte of every message.
bool IsAscii(absl::string_view text) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  uint64_t seen = 0;
  for (; text.size() >= sizeof(seen); text.remove_prefix(sizeof(seen))) {
    uint64_t word;
    memcpy(&word, text.data(), sizeof(word));
    seen |= word;
  }
  for (char c : text) seen |= static_cast<unsigned char>(c);
  return (seen & kHighBits) == 0;
}

bool IsSafeAddress(absl::string_view address) {
  return address.size() <= kMaxAddressBytes && std::all_of(address.begin(), address.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte > ' ' && byte != 0x7F && c != '<' && c != '>';
         });
}

// `line` is what stands before a line feed.
bool IsCleanLine(absl::string_view line) {
  if (!absl::ConsumeSuffix(&line, "\r")) return false;
  return line.size() <= kMaxLineBytes && (line.empty() || memchr(line.data(), '\r', line.size()) == nullptr);
}

// Lines end in CRLF and nothing else, none too long, no NUL. The last one may lack its end.
bool IsCleanMessage(absl::string_view message) {
  if (message.empty() || memchr(message.data(), '\0', message.size()) != nullptr) return false;
  for (size_t end; (end = message.find('\n')) != absl::string_view::npos; message.remove_prefix(end + 1)) {
    if (!IsCleanLine(message.substr(0, end))) return false;
  }
  return IsCleanLine(absl::StrCat(message, "\r"));
}

bool NeedsUtf8(const Envelope& envelope) {
  return !IsAscii(envelope.mail_from) || !IsAscii(envelope.rcpt_to) ||
         !IsAscii(absl::string_view(envelope.bytes).substr(0, envelope.bytes.find("\r\n\r\n")));
}

}  // namespace

void SmtpExtensions::Add(absl::string_view line) {
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
  const std::string keyword = absl::AsciiStrToUpper(parts.first);
  if (keyword == "PIPELINING") pipelining = true;
  if (keyword == "8BITMIME") eight_bit_mime = true;
  if (keyword == "SMTPUTF8") smtputf8 = true;
  if (keyword == "STARTTLS") starttls = true;
  if (keyword == "AUTH") {
    for (const absl::string_view mechanism : absl::StrSplit(parts.second, ' ', absl::SkipEmpty())) {
      auth_plain = auth_plain || absl::EqualsIgnoreCase(mechanism, "PLAIN");
      auth_login = auth_login || absl::EqualsIgnoreCase(mechanism, "LOGIN");
    }
  }
  if (keyword == "SIZE") {
    size = true;
    if (!absl::SimpleAtoi(parts.second, &max_size)) max_size = 0;
  }
}

Refusal CheckEnvelope(const Envelope& envelope, const SmtpExtensions& extensions) {
  if (!IsSafeAddress(envelope.mail_from)) return {553, {5, 1, 7}, "the return path is not an address"};
  if (envelope.rcpt_to.empty() || !IsSafeAddress(envelope.rcpt_to))
    return {553, {5, 1, 3}, "the recipient is not an address"};
  if (!IsCleanMessage(envelope.bytes))
    return {554, {5, 6, 0}, "the message holds a bare CR or LF, a NUL or a line beyond 998 bytes"};
  if (extensions.max_size > 0 && envelope.bytes.size() > extensions.max_size)
    return {552, {5, 3, 4}, "the message is larger than the server takes"};
  if (!extensions.smtputf8 && NeedsUtf8(envelope)) return {553, {5, 6, 7}, "the server does not offer SMTPUTF8"};
  if (!extensions.eight_bit_mime && !IsAscii(envelope.bytes))
    return {554, {5, 6, 3}, "the server does not offer 8BITMIME"};
  return {};
}

std::string MailCommand(const Envelope& envelope, const SmtpExtensions& extensions) {
  std::string command = absl::StrCat("MAIL FROM:<", envelope.mail_from, ">");
  if (extensions.size) absl::StrAppend(&command, " SIZE=", envelope.bytes.size());
  const bool seven_bit = IsAscii(envelope.bytes);
  if (extensions.eight_bit_mime && !seven_bit) absl::StrAppend(&command, " BODY=8BITMIME");
  if (extensions.smtputf8 && NeedsUtf8(envelope)) absl::StrAppend(&command, " SMTPUTF8");
  return absl::StrCat(command, "\r\n");
}

std::string RcptCommand(const Envelope& envelope) { return absl::StrCat("RCPT TO:<", envelope.rcpt_to, ">\r\n"); }

std::string AuthPlainCommand(absl::string_view user, absl::string_view password) {
  const absl::string_view separator("\0", 1);
  return absl::StrCat("AUTH PLAIN ", absl::Base64Escape(absl::StrCat(separator, user, separator, password)), "\r\n");
}

void AppendStuffed(std::string& out, absl::string_view message) {
  message = absl::StripSuffix(message, "\r\n");
  out.reserve(out.size() + message.size() + 256);
  if (absl::StartsWith(message, ".")) out += '.';
  for (size_t dot; (dot = message.find("\n.")) != absl::string_view::npos;) {
    absl::StrAppend(&out, message.substr(0, dot + 2), ".");
    message.remove_prefix(dot + 2);
  }
  absl::StrAppend(&out, message);
}

}  // namespace masthead::notifications::mail

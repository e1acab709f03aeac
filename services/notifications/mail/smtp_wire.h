// What goes over the wire of SMTP: commands that nothing can be smuggled into, and a message whose end only we decide.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "services/notifications/mail/smtp_outcome.h"

namespace masthead::notifications::mail {

struct Envelope {
  int64_t id = 0;         // The caller's; comes back in the outcome.
  std::string mail_from;  // An address, or empty: the null return path of automatic mail.
  std::string rcpt_to;    // An address.
  std::string bytes;      // The message, CRLF only, lines of at most 998 bytes, no NUL.
};

// What a server offers in its answer to EHLO.
struct SmtpExtensions {
  bool pipelining = false;      // RFC 2920
  bool eight_bit_mime = false;  // RFC 6152
  bool smtputf8 = false;        // RFC 6531
  bool starttls = false;        // RFC 3207
  bool auth_plain = false;      // RFC 4954, RFC 4616
  bool auth_login = false;      // The same with two questions; some servers offer nothing else.
  bool size = false;            // RFC 1870
  uint64_t max_size = 0;        // Of SIZE; 0: no limit named.

  // Takes one line of the answer, as "SIZE 10240000"; unknown ones change nothing.
  void Add(absl::string_view line);
};

struct Refusal {
  int code = 0;           // As a server would have said it; 0: nothing is wrong.
  EnhancedCode enhanced;  // The same.
  absl::string_view text;
};

// Whether the envelope can be carried by a server with these extensions as it stands. Refused: a bare CR or LF, a NUL,
// a line beyond 998 bytes, an address with control characters, spaces or angle brackets; 8-bit bytes, addresses beyond
// ASCII and sizes that the server does not take.
Refusal CheckEnvelope(const Envelope& envelope, const SmtpExtensions& extensions);

// The commands of an envelope that CheckEnvelope let pass, each with its CRLF.
std::string MailCommand(const Envelope& envelope, const SmtpExtensions& extensions);
std::string RcptCommand(const Envelope& envelope);

// RFC 4616, the answer in the command itself.
std::string AuthPlainCommand(absl::string_view user, absl::string_view password);

// The message without its last CRLF, a dot before each line that starts with one; kTerminator completes it (RFC 5321
// section 4.5.2).
void AppendStuffed(std::string& out, absl::string_view message);
inline constexpr absl::string_view kTerminator = "\r\n.\r\n";

}  // namespace masthead::notifications::mail

// Reports as mail servers and mailbox providers write them, for tests.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace masthead::notifications {

inline std::string Crlf(const std::string& text) { return absl::StrReplaceAll(text, {{"\n", "\r\n"}}); }

// As Postfix writes them. `recipient_fields` follow Final-Recipient.
inline std::string Dsn(const std::string& to, const std::string& recipient_fields,
                       const std::string& quoted = "Subject: Talks have begun\n") {
  return Crlf(absl::StrCat("From: MAILER-DAEMON@mx.readers.example (Mail Delivery System)\nTo: ", to,
                           "\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
                           "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n"
                           "\tboundary=\"4F2B.1764/mx\"\n\nThis is a MIME-encapsulated message.\n\n--4F2B.1764/mx\n"
                           "Content-Type: text/plain; charset=us-ascii\n\nAction: failed is what the text says.\n\n"
                           "--4F2B.1764/mx\nContent-Description: Delivery report\n"
                           "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.readers.example\n"
                           "Arrival-Date: Mon, 23 Nov 2026 08:00:00 +0000 (UTC)\n\n"
                           "Final-Recipient: rfc822; somebody-else@readers.example\n",
                           recipient_fields, "\n\n--4F2B.1764/mx\nContent-Type: text/rfc822-headers\n\n", quoted,
                           "\n--4F2B.1764/mx--\n"));
}

// As RFC 5965 shows them. `fields` stand in the machine-readable part, `quoted` are the letter's headers.
inline std::string Complaint(const std::string& fields, const std::string& quoted) {
  return Crlf(
      absl::StrCat("From: <abusedesk@provider.example>\nTo: <abuse@news.example>\nSubject: FW: Talks\n"
                   "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report;\n"
                   "     boundary=\"part1_13d.2e68ed54_boundary\"\n\n--part1_13d.2e68ed54_boundary\n"
                   "Content-Type: text/plain; charset=\"US-ASCII\"\n\nThis is an email abuse report.\n\n"
                   "--part1_13d.2e68ed54_boundary\nContent-Type: message/feedback-report\n\n",
                   fields,
                   "User-Agent: SomeGenerator/1.0\nVersion: 1\n\n--part1_13d.2e68ed54_boundary\n"
                   "Content-Type: message/rfc822\nContent-Disposition: inline\n\n",
                   quoted, "Subject: Talks have begun\n\nThe letter.\n\n--part1_13d.2e68ed54_boundary--\n"));
}

}  // namespace masthead::notifications

// Replies as they come from a server that is not trusted: bounded, and strict about the grammar (RFC 5321 section 4.2).
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/notifications/mail/smtp_outcome.h"

namespace masthead::notifications::mail {

struct SmtpReply {
  int code = 0;
  EnhancedCode enhanced;
  std::vector<std::string> lines;  // Without codes; printable ASCII, everything else as '?'.

  bool positive() const { return code >= 200 && code < 300; }
  // The lines in one, without their enhanced code, at most 512 bytes.
  std::string Text() const;
};

class SmtpReplyParser {
 public:
  enum class Progress { kReply, kIncomplete, kMalformed };

  // At most 2048 bytes a line, 128 lines and 16 KiB a reply.
  void Append(absl::string_view bytes) { buffer_.append(bytes.data(), bytes.size()); }

  // Takes the next whole reply. Malformed stays malformed: a line without code, other codes on later lines, a line end
  // that is not CRLF, a NUL, a reply beyond the bounds.
  Progress Take(SmtpReply& reply);

  // Nothing is buffered. Asked after STARTTLS: what came before the handshake was not from the peer it names.
  bool empty() const { return position_ == buffer_.size(); }

 private:
  Progress TakeLine(absl::string_view& line, size_t& at) const;

  std::string buffer_;
  size_t position_ = 0;
};

}  // namespace masthead::notifications::mail

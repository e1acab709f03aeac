// A letter as bytes for SMTP (RFC 5322, MIME): CRLF only, 7 bits (but for addresses that need SMTPUTF8), no line beyond
// 998 bytes.
//
// The same letter always makes the same bytes, so that a retry is the same message. Nothing here signs, sends or knows
// a template language.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/mail/transfer_encoding.h"

namespace masthead::notifications::mail {

// Stands in `text` or `html` where the reader's own unsubscribe link goes. A control character keeps anybody from
// typing it.
inline constexpr char kUnsubscribeUrlSlot[] = "\x1aunsubscribe_url\x1a";

// What all readers of a message get alike.
struct LetterContent {
  std::string from;  // An address.
  std::string from_name;
  std::string reply_to;  // An address, or empty.
  std::string subject;   // Required, UTF-8.
  std::string text;      // Required, UTF-8, line breaks of any kind.
  std::string html;      // Empty: the letter is plain text.
  absl::Time date = absl::UnixEpoch();
  std::string language;     // A BCP 47 tag for Content-Language, or empty.
  std::string list_id;      // "breaking.news.example" (RFC 2919), or empty.
  std::string list_name;    // How the list is called beside its id, or empty.
  std::string feedback_id;  // For complaint reports, "a:b:c:sender", or empty.
  // Somebody's own action made it (a receipt, a sign-in code): Auto-Submitted, RFC 3834. Carries no List-Unsubscribe
  // then.
  bool transactional = false;
  // Local parts beyond ASCII are taken; whoever carries the letter must then offer SMTPUTF8.
  bool smtputf8 = false;
};

// What differs by reader.
struct Addressee {
  std::string to;  // An address.
  std::string to_name;
  std::string message_id;  // "<...@...>", see message_id.h.
  std::string
      unsubscribe_url;  // https; one POST to it unsubscribes (RFC 8058). Empty: the letter carries no such header.
  std::string unsubscribe_mailto;  // An address, or empty; only beside the URL.
};

struct Letter : LetterContent, Addressee {};

// A content, checked and encoded once for any number of readers. Immutable; may be used from any thread.
class LetterTemplate {
 public:
  // INVALID_ARGUMENT with HEADER_INJECTION, INVALID_ADDRESS or INVALID_LETTER.
  static absl::StatusOr<LetterTemplate> Compile(const LetterContent& content);

  // The same errors, for the reader's parts.
  absl::StatusOr<std::string> Compose(const Addressee& addressee) const;

 private:
  LetterTemplate(const LetterContent& content, const std::string& boundary);

  absl::Status Check(const Addressee& addressee) const;

  std::string shared_headers_;
  std::string part_headers_;  // From Content-Type of the letter to the start of the text.
  std::string html_headers_;  // From the end of the text to the start of the HTML.
  std::string closing_;
  EncodedBody text_;
  std::optional<EncodedBody> html_;
  size_t size_hint_ = 0;
  bool has_slots_ = false;
  bool transactional_;
  bool smtputf8_;
};

// One letter for one reader.
absl::StatusOr<std::string> Compose(const Letter& letter);

}  // namespace masthead::notifications::mail

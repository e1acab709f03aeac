#include "services/notifications/mail/letter.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "services/notifications/mail/header_text.h"
#include "services/notifications/mail/mail_errors.h"

namespace masthead::notifications::mail {
namespace {

constexpr size_t kMaxUrlBytes = 600;  // List-Unsubscribe stays one line of less than 998 bytes.
constexpr size_t kMaxMessageIdBytes = 256;
constexpr size_t kMaxFeedbackIdBytes = 300;  // Two IDs and a domain have room.

void AppendHeader(std::string& out, absl::string_view name, absl::string_view body) {
  absl::StrAppend(&out, name, ": ", body, "\r\n");
}

// `value` goes into a header as it is: ASCII without spaces and without what ends such a value.
absl::Status CheckToken(absl::string_view field, absl::string_view value, absl::string_view also_allowed,
                        size_t max_bytes) {
  RETURN_IF_ERROR(CheckHeaderText(field, value));
  const bool clean = std::all_of(value.begin(), value.end(), [&](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains(also_allowed, absl::string_view(&c, 1));
  });
  if (!clean || value.size() > max_bytes) {
    return InvalidLetter(field,
                         absl::StrCat("must have at most ", max_bytes, " bytes of letters, digits and ", also_allowed));
  }
  return absl::OkStatus();
}

// RFC 3986 characters only; `<`, `>` and `,` would end the URI in List-Unsubscribe.
absl::Status CheckUnsubscribeUrl(absl::string_view url) {
  RETURN_IF_ERROR(CheckToken("unsubscribe_url", url, "-._~:/?#[]@!$&'()*+;=%", kMaxUrlBytes));
  if (!absl::StartsWith(url, "https://") || url.size() == 8)
    return InvalidLetter("unsubscribe_url", "must start with https://");
  return absl::OkStatus();
}

// An address that needs no escape in a mailto URI.
absl::Status CheckUnsubscribeMailto(absl::string_view address) {
  RETURN_IF_ERROR(CheckToken("unsubscribe_mailto", address, "-._+@", 254));
  return CheckAddress("unsubscribe_mailto", address, false);
}

absl::Status CheckMessageId(absl::string_view id) {
  RETURN_IF_ERROR(CheckHeaderText("message_id", id));
  const bool bracketed = id.size() > 2 && id.front() == '<' && id.back() == '>';
  if (!bracketed || id.size() > kMaxMessageIdBytes) return InvalidLetter("message_id", "must be <local-part@domain>");
  if (!CheckAddress("message_id", id.substr(1, id.size() - 2), false).ok()) {
    return InvalidLetter("message_id", "must be <local-part@domain>");
  }
  return absl::OkStatus();
}

absl::Status CheckContent(const LetterContent& content) {
  RETURN_IF_ERROR(CheckAddress("from", content.from, content.smtputf8));
  RETURN_IF_ERROR(CheckHeaderText("from_name", content.from_name));
  if (!content.reply_to.empty()) RETURN_IF_ERROR(CheckAddress("reply_to", content.reply_to, content.smtputf8));
  RETURN_IF_ERROR(CheckHeaderText("subject", content.subject));
  RETURN_IF_ERROR(CheckToken("language", content.language, "-", 35));
  RETURN_IF_ERROR(CheckToken("list_id", content.list_id, "-._", 254));
  RETURN_IF_ERROR(CheckHeaderText("list_name", content.list_name));
  RETURN_IF_ERROR(CheckToken("feedback_id", content.feedback_id, "-._:", kMaxFeedbackIdBytes));
  if (content.subject.empty()) return InvalidLetter("subject", "must not be empty");
  if (content.text.empty()) return InvalidLetter("text", "must not be empty");
  if (content.list_id.empty() && !content.list_name.empty()) return InvalidLetter("list_name", "needs a list_id");
  return absl::OkStatus();
}

std::string SharedHeaders(const LetterContent& content) {
  std::string out;
  AppendHeader(out, "From", EncodeMailbox(content.from_name, content.from, 6));
  if (!content.reply_to.empty()) AppendHeader(out, "Reply-To", content.reply_to);
  AppendHeader(out, "Subject", EncodeUnstructured(content.subject, 9));
  AppendHeader(out, "Date", absl::FormatTime("%a, %d %b %E4Y %H:%M:%S +0000", content.date, absl::UTCTimeZone()));
  if (!content.list_id.empty()) {
    const std::string bare = absl::StrCat("<", content.list_id, ">");
    AppendHeader(out, "List-Id",
                 content.list_name.empty() ? bare : EncodeMailbox(content.list_name, content.list_id, 9));
  }
  if (!content.feedback_id.empty()) AppendHeader(out, "Feedback-ID", content.feedback_id);
  if (content.transactional) AppendHeader(out, "Auto-Submitted", "auto-generated");
  if (!content.language.empty()) AppendHeader(out, "Content-Language", content.language);
  AppendHeader(out, "MIME-Version", "1.0");
  return out;
}

std::string PartHeaders(absl::string_view subtype, const EncodedBody& body) {
  return absl::StrCat("Content-Type: text/", subtype, "; charset=utf-8\r\nContent-Transfer-Encoding: ", body.name(),
                      "\r\n\r\n");
}

std::string EscapeHtml(absl::string_view value) {
  return absl::StrReplaceAll(value, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

void AppendUnsubscription(std::string& out, const Addressee& addressee) {
  if (addressee.unsubscribe_url.empty()) return;
  // Never folded: a fold inside <...> breaks both the link and the signature over it.
  std::string targets = absl::StrCat("<", addressee.unsubscribe_url, ">");
  if (!addressee.unsubscribe_mailto.empty()) absl::StrAppend(&targets, ", <mailto:", addressee.unsubscribe_mailto, ">");
  AppendHeader(out, "List-Unsubscribe", targets);
  AppendHeader(out, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
}

}  // namespace

LetterTemplate::LetterTemplate(const LetterContent& content, const std::string& boundary)
    : shared_headers_(SharedHeaders(content)),
      text_(content.text, kUnsubscribeUrlSlot),
      transactional_(content.transactional),
      smtputf8_(content.smtputf8) {
  part_headers_ = PartHeaders("plain", text_);
  has_slots_ = text_.has_slots();
  size_hint_ = 1500 + 2 * (content.text.size() + content.html.size());
  if (content.html.empty()) return;
  html_.emplace(content.html, kUnsubscribeUrlSlot);
  part_headers_ = absl::StrCat("Content-Type: multipart/alternative; boundary=\"", boundary, "\"\r\n\r\n--", boundary,
                               "\r\n", part_headers_);
  html_headers_ = absl::StrCat("\r\n--", boundary, "\r\n", PartHeaders("html", *html_));
  closing_ = absl::StrCat("\r\n--", boundary, "--\r\n");
  has_slots_ = has_slots_ || html_->has_slots();
}

absl::StatusOr<LetterTemplate> LetterTemplate::Compile(const LetterContent& content) {
  RETURN_IF_ERROR(CheckContent(content));
  // "=_" occurs in neither encoding (RFC 2045 section 6.7); the digest keeps letters apart that are forwarded inside
  // one another.
  const std::string digest = crypto::Sha256(absl::StrCat(content.subject, content.text, content.html));
  LetterTemplate compiled(content, absl::StrCat("=_", absl::BytesToHexString(digest.substr(0, 12))));
  if (compiled.has_slots_ && content.transactional)
    return InvalidLetter("text", "a transactional letter has no unsubscribe link");
  return compiled;
}

absl::Status LetterTemplate::Check(const Addressee& addressee) const {
  RETURN_IF_ERROR(CheckAddress("to", addressee.to, smtputf8_));
  RETURN_IF_ERROR(CheckHeaderText("to_name", addressee.to_name));
  RETURN_IF_ERROR(CheckMessageId(addressee.message_id));
  if (!addressee.unsubscribe_mailto.empty()) RETURN_IF_ERROR(CheckUnsubscribeMailto(addressee.unsubscribe_mailto));
  if (!addressee.unsubscribe_url.empty()) {
    RETURN_IF_ERROR(CheckUnsubscribeUrl(addressee.unsubscribe_url));
    if (transactional_) return InvalidLetter("unsubscribe_url", "a transactional letter has none");
    return absl::OkStatus();
  }
  if (!addressee.unsubscribe_mailto.empty()) return InvalidLetter("unsubscribe_mailto", "needs an unsubscribe_url");
  if (has_slots_) return InvalidLetter("unsubscribe_url", "the letter has a place for it");
  return absl::OkStatus();
}

absl::StatusOr<std::string> LetterTemplate::Compose(const Addressee& addressee) const {
  RETURN_IF_ERROR(Check(addressee));
  std::string out;
  out.reserve(size_hint_);
  AppendHeader(out, "To", EncodeMailbox(addressee.to_name, addressee.to, 4));
  AppendHeader(out, "Message-ID", addressee.message_id);
  AppendUnsubscription(out, addressee);
  absl::StrAppend(&out, shared_headers_, part_headers_);
  text_.Append(out, addressee.unsubscribe_url);
  if (html_.has_value()) {
    out += html_headers_;
    html_->Append(out, EscapeHtml(addressee.unsubscribe_url));
    out += closing_;
  }
  return out;
}

absl::StatusOr<std::string> Compose(const Letter& letter) {
  ASSIGN_OR_RETURN(const LetterTemplate compiled, LetterTemplate::Compile(letter));
  return compiled.Compose(letter);
}

}  // namespace masthead::notifications::mail

#include "services/notifications/desks/desk_letter_proto.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/resource/name.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "services/notifications/mail/mail_errors.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {
namespace {

constexpr int64_t kMaxName = 100;
constexpr int64_t kMaxSubject = 200;
constexpr int64_t kMaxText = 10'000;

// What goes near a header; said as what it is, since nobody types it into a form by mistake.
absl::Status CheckHeader(absl::string_view field, absl::string_view value) {
  if (value.find_first_of(absl::string_view("\r\n\0", 3)) == absl::string_view::npos) return absl::OkStatus();
  return mail::HeaderInjection(field);
}

std::string IdOf(absl::string_view field, absl::string_view name, absl::string_view pattern,
                 FieldViolations& violations) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, pattern);
  if (!ids) violations.Add(field, absl::StrCat("must look like ", pattern));
  return ids ? ids->front() : "";
}

}  // namespace

v1::DeskLetter ToProto(const DeskLetter& letter, const DeskLetterWords& words) {
  v1::DeskLetter proto;
  proto.set_name(DeskLetterName(letter.id));
  proto.set_desk(absl::StrCat("contributors/", letter.desk_id));
  v1::DeskLetter::Kind kind = v1::DeskLetter::KIND_UNSPECIFIED;
  v1::DeskLetter::Kind_Parse(letter.kind, &kind);
  proto.set_kind(kind);
  if (!letter.article_id.empty()) proto.set_article(absl::StrCat("articles/", letter.article_id));
  proto.set_sender_name(words.sender_name);
  proto.set_sender_address(words.sender_address);
  proto.set_subject(words.subject);
  proto.set_text(words.text);
  proto.set_message(MessageName(letter.message_id));
  *proto.mutable_create_time() = resource::ToTimestamp(letter.create_time);
  *proto.mutable_expire_time() = resource::ToTimestamp(letter.create_time + kDeskLettersKept);
  return proto;
}

absl::StatusOr<ParsedDeskLetter> ParseDeskLetter(const v1::DeskLetter& proto) {
  RETURN_IF_ERROR(CheckHeader("desk_letter.sender_name", proto.sender_name()));
  RETURN_IF_ERROR(CheckHeader("desk_letter.sender_address", proto.sender_address()));
  RETURN_IF_ERROR(CheckHeader("desk_letter.subject", proto.subject()));
  FieldViolations violations;
  ParsedDeskLetter parsed;
  parsed.letter.desk_id = IdOf("desk_letter.desk", proto.desk(), "contributors/*", violations);
  if (!proto.article().empty()) {
    parsed.letter.article_id = IdOf("desk_letter.article", proto.article(), "articles/*", violations);
  }
  if (proto.kind() == v1::DeskLetter::KIND_UNSPECIFIED || !v1::DeskLetter::Kind_IsValid(proto.kind())) {
    violations.Add("desk_letter.kind", "must be FEEDBACK or TIP");
  }
  parsed.letter.kind = v1::DeskLetter::Kind_Name(proto.kind());
  DeskLetterWords& words = parsed.words;
  words = {.sender_name = proto.sender_name(), .sender_address = "", .subject = proto.subject(), .text = proto.text()};
  text::CheckLine("desk_letter.sender_name", words.sender_name, kMaxName, /*required=*/false, violations);
  text::CheckLine("desk_letter.subject", words.subject, kMaxSubject, /*required=*/false, violations);
  text::CheckText("desk_letter.text", words.text, kMaxText, /*required=*/true, violations);
  if (!proto.sender_address().empty()) {
    const absl::StatusOr<std::string> mailbox = text::MailboxAddress(proto.sender_address());
    if (!mailbox.ok()) violations.Add("desk_letter.sender_address", "must be an e-mail address");
    words.sender_address = mailbox.value_or("");
  } else if (proto.kind() == v1::DeskLetter::FEEDBACK) {
    violations.Add("desk_letter.sender_address", "must be set: only a tip may go without");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return parsed;
}

}  // namespace masthead::notifications

#include "services/notifications/authoring/preview.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace masthead::notifications {
namespace {

// Gmail shows no more of an HTML, and hides the unsubscribe link with the rest.
constexpr size_t kClippedBytes = 102 * 1024;

// Fields that the reader brings stand for nobody in particular.
constexpr absl::string_view kOfTheReader[] = {"To: ", "Message-ID: "};

std::string SharedHeaders(absl::string_view letter) {
  std::string headers;
  absl::string_view rest = letter.substr(0, letter.find("\r\n\r\n") + 2);
  while (!rest.empty()) {
    const size_t end = rest.find("\r\n") + 2;
    const absl::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    bool of_the_reader = false;
    for (const absl::string_view field : kOfTheReader) of_the_reader |= line.substr(0, field.size()) == field;
    if (!of_the_reader) absl::StrAppend(&headers, line);
  }
  return headers;
}

}  // namespace

absl::StatusOr<Preview> MakePreview(const TemplateText& text, Values values, const Lists& lists,
                                    const mail::LetterContent& content) {
  for (const TemplateVariable& variable : text.variables) {
    if (!variable.example.empty()) values.emplace(variable.name, variable.example);
  }
  Preview preview;
  ASSIGN_OR_RETURN(preview.letter, FillTemplate(text, values, lists));
  ASSIGN_OR_RETURN(preview.short_text, FillShortText(text, values, lists));
  mail::Letter letter;
  static_cast<mail::LetterContent&>(letter) = preview.letter;
  letter.from = content.from;
  letter.from_name = content.from_name;
  letter.date = content.date;
  letter.to = content.from;
  letter.message_id = "<preview@masthead.invalid>";
  ASSIGN_OR_RETURN(const std::string bytes, mail::Compose(letter));
  preview.headers = SharedHeaders(bytes);
  preview.size_bytes = static_cast<int64_t>(bytes.size());
  if (preview.letter.html.size() > kClippedBytes) {
    preview.warnings.push_back(absl::StrCat("the HTML has ", preview.letter.html.size(),
                                            " bytes: mail programs cut off what is longer than ", kClippedBytes));
  }
  if (preview.letter.html.empty()) preview.warnings.push_back("the letter has no HTML");
  return preview;
}

}  // namespace masthead::notifications

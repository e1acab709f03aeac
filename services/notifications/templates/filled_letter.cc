#include "services/notifications/templates/filled_letter.h"

#include <string>

#include "common/base/status_macros.h"

namespace masthead::notifications {
namespace {

absl::StatusOr<std::string> Fill(const std::string& source, Template::Kind kind, const Values& values) {
  ASSIGN_OR_RETURN(const Template compiled, Template::Compile(source, kind));
  return compiled.Render(values);
}

}  // namespace

absl::StatusOr<mail::LetterContent> FillTemplate(const TemplateText& text, const Values& values) {
  mail::LetterContent content;
  ASSIGN_OR_RETURN(content.subject, Fill(text.subject, Template::Kind::kLine, values));
  ASSIGN_OR_RETURN(content.text, Fill(text.text, Template::Kind::kText, values));
  ASSIGN_OR_RETURN(content.html, Fill(text.html, Template::Kind::kHtml, values));
  content.language = text.locale;
  return content;
}

}  // namespace masthead::notifications

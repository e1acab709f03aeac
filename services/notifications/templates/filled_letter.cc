#include "services/notifications/templates/filled_letter.h"

#include <set>
#include <string>

#include "common/base/status_macros.h"

namespace masthead::notifications {
namespace {

// A template's text with what fills it.
class Filling {
 public:
  Filling(const TemplateText& text, Values values, const Lists& lists)
      : trusted_(TrustedNames(text.variables)), values_(std::move(values)), lists_(lists) {
    // What a message may do without is empty.
    for (const TemplateVariable& variable : text.variables) {
      if (!variable.required) values_.emplace(variable.name, "");
    }
  }

  absl::StatusOr<std::string> Fill(const std::string& source, Template::Kind kind) const {
    ASSIGN_OR_RETURN(const Template compiled, Template::Compile(source, kind, trusted_));
    return compiled.Render(values_, lists_);
  }

 private:
  const std::set<std::string> trusted_;
  Values values_;
  const Lists& lists_;
};

}  // namespace

absl::StatusOr<mail::LetterContent> FillTemplate(const TemplateText& text, const Values& values, const Lists& lists) {
  const Filling filling(text, values, lists);
  mail::LetterContent content;
  ASSIGN_OR_RETURN(content.subject, filling.Fill(text.subject, Template::Kind::kLine));
  ASSIGN_OR_RETURN(content.text, filling.Fill(text.text, Template::Kind::kText));
  ASSIGN_OR_RETURN(content.html, filling.Fill(text.html, Template::Kind::kHtml));
  content.language = text.locale;
  return content;
}

absl::StatusOr<ShortText> FillShortText(const TemplateText& text, const Values& values, const Lists& lists) {
  const Filling filling(text, values, lists);
  ShortText filled;
  const std::string& title = text.push_title.empty() ? text.subject : text.push_title;
  ASSIGN_OR_RETURN(filled.push_title, filling.Fill(title, Template::Kind::kLine));
  ASSIGN_OR_RETURN(filled.push_body, filling.Fill(text.push_body, Template::Kind::kText));
  ASSIGN_OR_RETURN(filled.push_url, filling.Fill(text.push_url, Template::Kind::kLine));
  ASSIGN_OR_RETURN(filled.sms, filling.Fill(text.sms, Template::Kind::kText));
  return filled;
}

}  // namespace masthead::notifications

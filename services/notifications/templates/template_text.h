// The domain: what a template says, in several languages, and what it may name.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/notifications/templates/template.h"

namespace masthead::notifications {

// Types are spelled as in the API.
struct TemplateVariable {
  std::string name;
  std::string type = "TEXT";
  bool required = false;
  std::string example;
  bool trusted = false;

  bool operator==(const TemplateVariable&) const = default;
};

// In one language.
struct TemplateText {
  std::string locale;
  std::string subject;
  std::string text;
  std::string html;
  std::string push_title;
  std::string push_body;
  std::string push_url;
  std::string sms;
  std::vector<TemplateVariable> variables;  // Of its template.
};

// What a draft and a revision have in common.
struct TemplateBody {
  std::string default_locale = "en";
  std::map<std::string, TemplateText> texts;  // By locale.
  std::vector<TemplateVariable> variables;
};

// What Masthead gives: the reader's unsubscribe link, and the articles of an issue.
inline constexpr char kUnsubscribeUrlName[] = "unsubscribe_url";
inline constexpr char kArticlesName[] = "articles";

// What an item of `articles` has.
inline constexpr absl::string_view kArticleFields[] = {"headline",  "dek",       "byline",   "url",
                                                       "body_html", "body_text", "subscribe"};

// The names whose values stand in HTML as they are.
std::set<std::string> TrustedNames(const std::vector<TemplateVariable>& variables);

// Whether messages can be rendered with it. INVALID_ARGUMENT, TEMPLATE_INVALID, with the language and the part.
absl::Status CheckBody(const TemplateBody& body);

// Whether `value` is of the variable's type. An empty one is of every type.
bool IsOfType(absl::string_view value, absl::string_view type);

// The languages in which a reader of `locale` is written to, the best first: `uk-UA`, `uk`, the default.
std::vector<std::string> LocalesFor(absl::string_view locale, absl::string_view default_locale);

}  // namespace masthead::notifications

#include "services/notifications/templates/template_text.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/templates/template_errors.h"

namespace masthead::notifications {
namespace {

struct Part {
  absl::string_view name;
  const std::string& source;
  Template::Kind kind;
};

absl::Status CheckPart(const Part& part, const std::string& locale, const std::set<std::string>& declared) {
  const absl::StatusOr<Template> compiled = Template::Compile(part.source, part.kind);
  if (!compiled.ok()) return TemplateInvalid(locale, part.name, compiled.status().message());
  for (const std::string& name : compiled->names()) {
    if (name == kUnsubscribeUrlName || declared.contains(name)) continue;
    return TemplateInvalid(locale, part.name, absl::StrCat("{{", name, "}} is not declared"));
  }
  for (const std::string& name : compiled->list_names()) {
    if (name != kArticlesName) return TemplateInvalid(locale, part.name, absl::StrCat("there is no list ", name));
  }
  for (const std::string& name : compiled->item_names()) {
    if (absl::c_linear_search(kArticleFields, name) || declared.contains(name) || name == kUnsubscribeUrlName) continue;
    return TemplateInvalid(locale, part.name, absl::StrCat("{{", name, "}} is not declared"));
  }
  return absl::OkStatus();
}

bool IsNumber(absl::string_view value) {
  if (!absl::ConsumePrefix(&value, "-")) absl::ConsumePrefix(&value, "+");
  const size_t digits = absl::c_count_if(value, absl::ascii_isdigit);
  return digits > 0 && digits + absl::c_count(value, '.') == value.size() && absl::c_count(value, '.') <= 1;
}

bool IsDate(absl::string_view value) {
  absl::Time time;
  absl::CivilDay day;
  std::string error;
  return absl::ParseCivilTime(value, &day) || absl::ParseTime(absl::RFC3339_full, value, &time, &error);
}

}  // namespace

std::set<std::string> TrustedNames(const std::vector<TemplateVariable>& variables) {
  std::set<std::string> names = {"body_html"};
  for (const TemplateVariable& variable : variables) {
    if (variable.trusted) names.insert(variable.name);
  }
  return names;
}

absl::Status CheckBody(const TemplateBody& body) {
  if (!body.texts.contains(body.default_locale)) return TemplateInvalid(body.default_locale, "text", "is missing");
  std::set<std::string> declared;
  for (const TemplateVariable& variable : body.variables) declared.insert(variable.name);
  for (const auto& [locale, text] : body.texts) {
    if (text.subject.empty()) return TemplateInvalid(locale, "subject", "is missing");
    if (text.text.empty()) return TemplateInvalid(locale, "text", "is missing");
    const Part parts[] = {{"subject", text.subject, Template::Kind::kLine},
                          {"html", text.html, Template::Kind::kHtml},
                          {"text", text.text, Template::Kind::kText},
                          {"push.title", text.push_title, Template::Kind::kLine},
                          {"push.body", text.push_body, Template::Kind::kText},
                          {"push.url", text.push_url, Template::Kind::kLine},
                          {"sms", text.sms, Template::Kind::kText}};
    for (const Part& part : parts) RETURN_IF_ERROR(CheckPart(part, locale, declared));
  }
  return absl::OkStatus();
}

bool IsOfType(absl::string_view value, absl::string_view type) {
  if (value.empty()) return true;
  if (type == "URL") return absl::StartsWith(value, "https://") || absl::StartsWith(value, "http://");
  if (type == "DATE") return IsDate(value);
  if (type == "NUMBER") return IsNumber(value);
  return true;
}

std::vector<std::string> LocalesFor(absl::string_view locale, absl::string_view default_locale) {
  std::vector<std::string> locales;
  for (const std::string& wanted : {std::string(locale), LanguageOf(locale), std::string(default_locale)}) {
    if (!wanted.empty() && !absl::c_linear_search(locales, wanted)) locales.push_back(wanted);
  }
  return locales;
}

}  // namespace masthead::notifications

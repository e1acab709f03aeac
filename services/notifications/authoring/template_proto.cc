#include "services/notifications/authoring/template_proto.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/resource/etag.h"
#include "common/resource/timestamp.h"
#include "common/text/text.h"
#include "services/notifications/following/topic_proto.h"

namespace masthead::notifications {
namespace {

constexpr int64_t kMaxDisplayName = 200;
constexpr int kMaxTexts = 20;
constexpr int kMaxVariables = 50;
constexpr int64_t kMaxSubject = 300;
constexpr size_t kMaxBodyBytes = 1 << 20;
constexpr int64_t kMaxPushTitle = 200;
constexpr int64_t kMaxShort = 1000;
constexpr int64_t kMaxUrl = 2048;
constexpr int64_t kMaxExample = 4000;
constexpr size_t kMaxName = 64;

v1::TemplateText ToProto(const TemplateText& text) {
  v1::TemplateText proto;
  proto.set_subject(text.subject);
  proto.set_html(text.html);
  proto.set_text(text.text);
  if (!text.push_title.empty() || !text.push_body.empty() || !text.push_url.empty()) {
    proto.mutable_push()->set_title(text.push_title);
    proto.mutable_push()->set_body(text.push_body);
    proto.mutable_push()->set_url(text.push_url);
  }
  proto.set_sms(text.sms);
  return proto;
}

template <typename Proto>
void BodyToProto(const TemplateBody& body, Texts texts, Proto& proto) {
  proto.set_default_locale(body.default_locale);
  if (texts == Texts::kWith) {
    for (const auto& [locale, text] : body.texts) (*proto.mutable_texts())[locale] = ToProto(text);
  }
  for (const TemplateVariable& variable : body.variables) {
    v1::TemplateVariable& to = *proto.add_variables();
    to.set_name(variable.name);
    v1::TemplateVariable::Type type = v1::TemplateVariable::TYPE_UNSPECIFIED;
    v1::TemplateVariable::Type_Parse(variable.type, &type);
    to.set_type(type);
    to.set_required(variable.required);
    to.set_example(variable.example);
    to.set_trusted(variable.trusted);
  }
}

void CheckBytes(const std::string& field, std::string& value, FieldViolations& violations) {
  if (value.size() > kMaxBodyBytes) {
    violations.Add(field, "must not be longer than 1 MiB");
    return;
  }
  text::CheckText(field, value, kMaxBodyBytes, /*required=*/false, violations);
}

TemplateText ParseText(const std::string& locale, const v1::TemplateText& proto, FieldViolations& violations) {
  TemplateText text = {.locale = locale,
                       .subject = proto.subject(),
                       .text = proto.text(),
                       .html = proto.html(),
                       .push_title = proto.push().title(),
                       .push_body = proto.push().body(),
                       .push_url = proto.push().url(),
                       .sms = proto.sms(),
                       .variables = {}};
  const std::string field = absl::StrCat("template.texts[", locale, "]");
  text::CheckLine(field + ".subject", text.subject, kMaxSubject, /*required=*/false, violations);
  CheckBytes(field + ".html", text.html, violations);
  CheckBytes(field + ".text", text.text, violations);
  text::CheckLine(field + ".push.title", text.push_title, kMaxPushTitle, /*required=*/false, violations);
  text::CheckText(field + ".push.body", text.push_body, kMaxShort, /*required=*/false, violations);
  text::CheckLine(field + ".push.url", text.push_url, kMaxUrl, /*required=*/false, violations);
  text::CheckText(field + ".sms", text.sms, kMaxShort, /*required=*/false, violations);
  return text;
}

void ParseTexts(const v1::Template& proto, TemplateBody& body, FieldViolations& violations) {
  body.texts.clear();
  if (proto.texts_size() > kMaxTexts) {
    violations.Add("template.texts", absl::StrCat("must not have more than ", kMaxTexts, " entries"));
    return;
  }
  for (const auto& [locale, text] : proto.texts()) {
    if (locale.empty() || !IsLocale(locale)) {
      violations.Add("template.texts", "must be keyed by BCP 47 tags, such as `uk`");
      continue;
    }
    body.texts[locale] = ParseText(locale, text, violations);
  }
}

bool IsVariableName(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxName &&
         absl::c_all_of(name, [](char c) { return absl::ascii_islower(c) || c == '_'; }) && name != "each" &&
         name != kArticlesName && name != kUnsubscribeUrlName;
}

void ParseVariable(const std::string& field, const v1::TemplateVariable& proto, TemplateBody& body,
                   FieldViolations& violations) {
  TemplateVariable variable = {.name = proto.name(),
                               .type = v1::TemplateVariable::Type_Name(proto.type()),
                               .required = proto.required(),
                               .example = proto.example(),
                               .trusted = proto.trusted()};
  if (!v1::TemplateVariable::Type_IsValid(proto.type())) violations.Add(field + ".type", "must be a known type");
  if (proto.type() == v1::TemplateVariable::TYPE_UNSPECIFIED) variable.type = "TEXT";
  if (!IsVariableName(variable.name))
    violations.Add(field + ".name", "must be 1 to 64 of `a` to `z` and `_`, not kept for Masthead");
  if (absl::c_any_of(body.variables, [&](const TemplateVariable& other) { return other.name == variable.name; })) {
    violations.Add(field + ".name", "stands there twice");
  }
  if (variable.trusted != (variable.type == "HTML"))
    violations.Add(field + ".trusted", "must be set for HTML, and only for it");
  text::CheckText(field + ".example", variable.example, kMaxExample, /*required=*/false, violations);
  if (!IsOfType(variable.example, variable.type)) violations.Add(field + ".example", "is not of the type");
  body.variables.push_back(std::move(variable));
}

void ParseVariables(const v1::Template& proto, TemplateBody& body, FieldViolations& violations) {
  body.variables.clear();
  if (proto.variables_size() > kMaxVariables) {
    violations.Add("template.variables", absl::StrCat("must not have more than ", kMaxVariables, " entries"));
    return;
  }
  for (int i = 0; i < proto.variables_size(); ++i) {
    ParseVariable(absl::StrCat("template.variables[", i, "]"), proto.variables(i), body, violations);
  }
}

}  // namespace

v1::Template ToProto(const TemplateDraft& draft, Texts texts) {
  v1::Template proto;
  proto.set_name(TemplateName(draft.id));
  proto.set_display_name(draft.display_name);
  BodyToProto(draft.body, texts, proto);
  if (draft.newest_revision > 0) proto.set_committed_revision(TemplateRevisionName(draft.id, draft.newest_revision));
  proto.set_built_in(draft.built_in);
  proto.set_transactional(draft.transactional);
  *proto.mutable_create_time() = resource::ToTimestamp(draft.create_time);
  *proto.mutable_update_time() = resource::ToTimestamp(draft.update_time);
  if (draft.delete_time) *proto.mutable_delete_time() = resource::ToTimestamp(*draft.delete_time);
  proto.set_etag(resource::Etag(draft.revision));
  return proto;
}

v1::TemplateRevision ToProto(const TemplateRevision& revision, Texts texts) {
  v1::TemplateRevision proto;
  proto.set_name(TemplateRevisionName(revision.template_id, revision.number));
  BodyToProto(revision.body, texts, proto);
  *proto.mutable_create_time() = resource::ToTimestamp(revision.create_time);
  return proto;
}

void ParseTemplate(const v1::Template& proto, const std::set<std::string>& fields, TemplateDraft& draft,
                   FieldViolations& violations) {
  if (fields.contains("display_name")) {
    draft.display_name = proto.display_name();
    text::CheckLine("template.display_name", draft.display_name, kMaxDisplayName, /*required=*/false, violations);
  }
  if (fields.contains("default_locale")) {
    draft.body.default_locale = proto.default_locale().empty() ? "en" : proto.default_locale();
    if (!IsLocale(draft.body.default_locale)) violations.Add("template.default_locale", "must be a BCP 47 tag");
  }
  if (fields.contains("texts")) ParseTexts(proto, draft.body, violations);
  if (fields.contains("variables")) ParseVariables(proto, draft.body, violations);
}

}  // namespace masthead::notifications

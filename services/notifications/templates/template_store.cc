#include "services/notifications/templates/template_store.h"

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "services/notifications/errors.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/templates/template_errors.h"

namespace masthead::notifications {
namespace {

using nlohmann::json;

#define TEMPLATE_COLUMNS                                                                                     \
  "id, display_name, default_locale, texts, variables, newest_revision, built_in, transactional, revision, " \
  "create_time, update_time, delete_time"

constexpr char kInsertTemplate[] = R"sql(
    INSERT INTO templates (id, display_name, default_locale, texts, variables, transactional)
    VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6)
    ON CONFLICT (id) DO NOTHING
    RETURNING create_time
)sql";

constexpr char kLoadTemplate[] = "SELECT " TEMPLATE_COLUMNS " FROM templates WHERE id = $1";

constexpr char kLockTemplate[] = "SELECT " TEMPLATE_COLUMNS " FROM templates WHERE id = $1 FOR NO KEY UPDATE";

constexpr char kLoadTemplates[] =
    "SELECT " TEMPLATE_COLUMNS " FROM templates WHERE id > $1 AND ($2 OR delete_time IS NULL) ORDER BY id LIMIT $3";

constexpr char kSaveTemplate[] = R"sql(
    UPDATE templates
    SET display_name = $2, default_locale = $3, texts = $4::jsonb, variables = $5::jsonb, newest_revision = $6,
        delete_time = $7, revision = $8, update_time = db_now()
    WHERE id = $1
    RETURNING update_time
)sql";

constexpr char kInsertRevision[] = R"sql(
    INSERT INTO template_revisions (template, revision, transactional, default_locale, variables)
    VALUES ($1, $2, $3, $4, $5::jsonb)
    RETURNING create_time
)sql";

constexpr char kInsertText[] = R"sql(
    INSERT INTO template_texts (template, revision, locale, subject, text, html, push_title, push_body, push_url, sms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql";

constexpr char kLoadRevision[] = R"sql(
    SELECT template, revision, default_locale, variables, create_time
    FROM template_revisions
    WHERE template = $1 AND revision = $2
)sql";

constexpr char kLoadRevisions[] = R"sql(
    SELECT template, revision, default_locale, variables, create_time
    FROM template_revisions
    WHERE template = $1 AND ($2 = 0 OR revision < $2)
    ORDER BY revision DESC
    LIMIT $3
)sql";

constexpr char kLoadTexts[] = R"sql(
    SELECT locale, subject, text, html, push_title, push_body, push_url, sms
    FROM template_texts
    WHERE template = $1 AND revision = $2
)sql";

constexpr char kLoadNewestRevision[] = R"sql(
    SELECT newest_revision FROM templates WHERE id = $1 AND delete_time IS NULL AND NOT transactional
)sql";

constexpr char kLoadTemplateText[] = R"sql(
    SELECT t.locale, t.subject, t.text, t.html, t.push_title, t.push_body, t.push_url, t.sms, r.variables
    FROM template_texts t JOIN template_revisions r ON r.template = t.template AND r.revision = t.revision
    WHERE t.template = $1 AND t.revision = $2 AND t.locale IN ($3, $4, r.default_locale, 'en')
    ORDER BY array_position(ARRAY[$3, $4, r.default_locale, 'en'], t.locale)
    LIMIT 1
)sql";

#undef TEMPLATE_COLUMNS

std::string VariablesJson(const std::vector<TemplateVariable>& variables) {
  json array = json::array();
  for (const TemplateVariable& variable : variables) {
    array.push_back({{"name", variable.name},
                     {"type", variable.type},
                     {"required", variable.required},
                     {"example", variable.example},
                     {"trusted", variable.trusted}});
  }
  return array.dump();
}

std::vector<TemplateVariable> VariablesFromJson(const char* text) {
  std::vector<TemplateVariable> variables;
  for (const json& object : json::parse(text)) {
    variables.push_back({.name = object.at("name"),
                         .type = object.at("type"),
                         .required = object.at("required"),
                         .example = object.at("example"),
                         .trusted = object.at("trusted")});
  }
  return variables;
}

std::string TextsJson(const TemplateBody& body) {
  json object = json::object();
  for (const auto& [locale, text] : body.texts) {
    object[locale] = {{"subject", text.subject},
                      {"text", text.text},
                      {"html", text.html},
                      {"push_title", text.push_title},
                      {"push_body", text.push_body},
                      {"push_url", text.push_url},
                      {"sms", text.sms}};
  }
  return object.dump();
}

std::map<std::string, TemplateText> TextsFromJson(const char* text, const std::vector<TemplateVariable>& variables) {
  std::map<std::string, TemplateText> texts;
  const json parsed = json::parse(text);
  for (const auto& [locale, object] : parsed.items()) {
    texts[locale] = {.locale = locale,
                     .subject = object.value("subject", ""),
                     .text = object.value("text", ""),
                     .html = object.value("html", ""),
                     .push_title = object.value("push_title", ""),
                     .push_body = object.value("push_body", ""),
                     .push_url = object.value("push_url", ""),
                     .sms = object.value("sms", ""),
                     .variables = variables};
  }
  return texts;
}

TemplateDraft DraftFromRow(const pqxx::row& row) {
  TemplateDraft draft;
  draft.id = row["id"].as<std::string>();
  draft.display_name = row["display_name"].as<std::string>();
  draft.body.default_locale = row["default_locale"].as<std::string>();
  draft.body.variables = VariablesFromJson(row["variables"].c_str());
  draft.body.texts = TextsFromJson(row["texts"].c_str(), draft.body.variables);
  draft.newest_revision = row["newest_revision"].as<int>();
  draft.built_in = row["built_in"].as<bool>();
  draft.transactional = row["transactional"].as<bool>();
  draft.revision = row["revision"].as<int64_t>();
  draft.create_time = row["create_time"].as<absl::Time>();
  draft.update_time = row["update_time"].as<absl::Time>();
  draft.delete_time = row["delete_time"].as<std::optional<absl::Time>>();
  return draft;
}

TemplateText TextFromRow(const pqxx::row& row, const std::vector<TemplateVariable>& variables) {
  return {.locale = row["locale"].as<std::string>(),
          .subject = row["subject"].as<std::string>(),
          .text = row["text"].as<std::string>(),
          .html = row["html"].as<std::string>(),
          .push_title = row["push_title"].as<std::string>(),
          .push_body = row["push_body"].as<std::string>(),
          .push_url = row["push_url"].as<std::string>(),
          .sms = row["sms"].as<std::string>(),
          .variables = variables};
}

TemplateRevision RevisionFromRow(const pqxx::row& row) {
  TemplateRevision revision;
  revision.template_id = row["template"].as<std::string>();
  revision.number = row["revision"].as<int>();
  revision.body.default_locale = row["default_locale"].as<std::string>();
  revision.body.variables = VariablesFromJson(row["variables"].c_str());
  revision.create_time = row["create_time"].as<absl::Time>();
  return revision;
}

std::optional<TemplateDraft> FirstDraft(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return DraftFromRow(rows.front());
}

}  // namespace

bool InsertTemplate(db::Transaction& tx, TemplateDraft& draft) {
  const pqxx::result rows = tx.Query(kInsertTemplate, draft.id, draft.display_name, draft.body.default_locale,
                                     TextsJson(draft.body), VariablesJson(draft.body.variables), draft.transactional);
  if (rows.empty()) return false;
  draft.create_time = draft.update_time = rows[0][0].as<absl::Time>();
  return true;
}

std::optional<TemplateDraft> LoadTemplate(db::Transaction& tx, absl::string_view id) {
  return FirstDraft(tx.Query(kLoadTemplate, id));
}

std::optional<TemplateDraft> LockTemplate(db::Transaction& tx, absl::string_view id) {
  return FirstDraft(tx.Query(kLockTemplate, id));
}

std::vector<TemplateDraft> LoadTemplates(db::Transaction& tx, absl::string_view after, bool show_deleted, int limit) {
  std::vector<TemplateDraft> drafts;
  for (const pqxx::row& row : tx.Query(kLoadTemplates, after, show_deleted, limit)) drafts.push_back(DraftFromRow(row));
  return drafts;
}

void SaveTemplate(db::Transaction& tx, TemplateDraft& draft) {
  ++draft.revision;
  draft.update_time =
      tx.Query(kSaveTemplate, draft.id, draft.display_name, draft.body.default_locale, TextsJson(draft.body),
               VariablesJson(draft.body.variables), draft.newest_revision, draft.delete_time, draft.revision)[0][0]
          .as<absl::Time>();
}

TemplateRevision InsertRevision(db::Transaction& tx, TemplateDraft& draft, const TemplateBody& body) {
  draft.body = body;
  TemplateRevision revision = {
      .template_id = draft.id, .number = ++draft.newest_revision, .body = body, .create_time = {}};
  revision.create_time = tx.Query(kInsertRevision, draft.id, revision.number, draft.transactional, body.default_locale,
                                  VariablesJson(body.variables))[0][0]
                             .as<absl::Time>();
  for (const auto& [locale, text] : body.texts) {
    tx.Query(kInsertText, draft.id, revision.number, locale, text.subject, text.text, text.html, text.push_title,
             text.push_body, text.push_url, text.sms);
  }
  SaveTemplate(tx, draft);
  return revision;
}

std::optional<TemplateRevision> LoadRevision(db::Transaction& tx, absl::string_view id, int revision) {
  const pqxx::result rows = tx.Query(kLoadRevision, id, revision);
  if (rows.empty()) return std::nullopt;
  TemplateRevision found = RevisionFromRow(rows.front());
  for (const pqxx::row& row : tx.Query(kLoadTexts, id, revision)) {
    TemplateText text = TextFromRow(row, found.body.variables);
    found.body.texts[text.locale] = std::move(text);
  }
  return found;
}

std::vector<TemplateRevision> LoadRevisions(db::Transaction& tx, absl::string_view id, int before, int limit) {
  std::vector<TemplateRevision> revisions;
  for (const pqxx::row& row : tx.Query(kLoadRevisions, id, before, limit)) revisions.push_back(RevisionFromRow(row));
  return revisions;
}

absl::StatusOr<int> NewestRevision(db::Transaction& tx, absl::string_view template_id) {
  const pqxx::result rows = tx.Query(kLoadNewestRevision, template_id);
  if (rows.empty()) return TemplateNotFound(TemplateName(template_id));
  const int revision = rows[0][0].as<int>();
  if (revision == 0) return TemplateNotCommitted(TemplateName(template_id));
  return revision;
}

std::optional<TemplateText> LoadTemplateText(db::Transaction& tx, absl::string_view template_id, int revision,
                                             absl::string_view locale) {
  const pqxx::result rows = tx.Query(kLoadTemplateText, template_id, revision, locale, LanguageOf(locale));
  if (rows.empty()) return std::nullopt;
  return TextFromRow(rows.front(), VariablesFromJson(rows.front()["variables"].c_str()));
}

}  // namespace masthead::notifications

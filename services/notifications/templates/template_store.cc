#include "services/notifications/templates/template_store.h"

namespace masthead::notifications {
namespace {

constexpr char kLoadTemplateText[] = R"sql(
    SELECT locale, subject, text, html
    FROM template_texts
    WHERE template = $1 AND revision = $2 AND locale IN ($3, 'en')
    ORDER BY locale = $3 DESC
    LIMIT 1
)sql";

}  // namespace

std::optional<TemplateText> LoadTemplateText(db::Transaction& tx, absl::string_view template_id, int revision,
                                             absl::string_view language) {
  const pqxx::result rows = tx.Query(kLoadTemplateText, template_id, revision, language);
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  return TemplateText{.locale = row["locale"].as<std::string>(),
                      .subject = row["subject"].as<std::string>(),
                      .text = row["text"].as<std::string>(),
                      .html = row["html"].as<std::string>()};
}

}  // namespace masthead::notifications

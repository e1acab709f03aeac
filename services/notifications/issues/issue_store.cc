#include "services/notifications/issues/issue_store.h"

namespace masthead::notifications {
namespace {

constexpr char kInsertArticle[] = R"sql(
    INSERT INTO issue_articles (message_number, position, content) VALUES ($1, $2, $3)
)sql";

constexpr char kLoadIssue[] = R"sql(
    SELECT content FROM issue_articles WHERE message_number = $1 ORDER BY position
)sql";

constexpr char kLoadReader[] = R"sql(
    SELECT locale, tiers, anonymous FROM recipients WHERE id = $1 AND state = 'ACTIVE'
)sql";

}  // namespace

void InsertIssue(db::Transaction& tx, int64_t message_number, const std::vector<std::string>& contents) {
  int position = 0;
  for (const std::string& content : contents) {
    tx.Query(kInsertArticle, message_number, position++, db::Bytes{content});
  }
}

std::vector<std::string> LoadIssue(db::Transaction& tx, int64_t message_number) {
  std::vector<std::string> contents;
  for (const pqxx::row& row : tx.Query(kLoadIssue, message_number)) contents.push_back(db::ReadBytes(row[0]));
  return contents;
}

std::optional<KnownReader> LoadReader(db::Transaction& tx, absl::string_view recipient_id) {
  const pqxx::result rows = tx.Query(kLoadReader, recipient_id);
  if (rows.empty()) return std::nullopt;
  return KnownReader{
      .locale = rows[0]["locale"].as<std::string>(),
      .standing = {.is_member = !rows[0]["anonymous"].as<bool>(), .tiers = db::ReadTextArray(rows[0]["tiers"])}};
}

}  // namespace masthead::notifications

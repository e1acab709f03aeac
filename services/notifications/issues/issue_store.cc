#include "services/notifications/issues/issue_store.h"

namespace masthead::notifications {
namespace {

constexpr char kInsertArticle[] = R"sql(
    INSERT INTO issue_articles (message_number, position, article, content) VALUES ($1, $2, $3, $4)
)sql";

constexpr char kLoadIssue[] = R"sql(
    SELECT content FROM issue_articles WHERE message_number = $1 ORDER BY position
)sql";

constexpr char kLoadReader[] = R"sql(
    SELECT locale, tiers, anonymous FROM recipients WHERE id = $1 AND state = 'ACTIVE'
)sql";

}  // namespace

void InsertIssue(db::Transaction& tx, int64_t message_number,
                 const std::vector<articles::v1::NewsletterContent>& articles) {
  const std::vector<std::string> contents = ToBytes(articles);
  for (size_t position = 0; position < articles.size(); ++position) {
    tx.Query(kInsertArticle, message_number, static_cast<int64_t>(position), articles[position].article(),
             db::Bytes{contents[position]});
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

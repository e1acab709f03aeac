#include "services/notifications/transactional/letter_store.h"

namespace masthead::notifications {
namespace {

constexpr char kInsertLetter[] = R"sql(
    INSERT INTO transactional_letters (message_number, to_address, locale, sealed)
    VALUES ($1, $2, $3, $4)
)sql";

constexpr char kLoadLetter[] = R"sql(
    SELECT to_address, locale, sealed FROM transactional_letters WHERE message_number = $1
)sql";

constexpr char kLoadMemberEndpoint[] = R"sql(
    SELECT e.recipient_number, e.number
    FROM recipients r JOIN endpoints e ON e.recipient_number = r.number
    WHERE r.id = $1 AND r.state = 'ACTIVE' AND e.channel = 'EMAIL' AND e.state = 'ACTIVE'
    ORDER BY e.number
    LIMIT 1
)sql";

constexpr char kLoadNewestRevision[] = R"sql(
    SELECT nullif(newest_revision, 0) FROM templates WHERE id = $1 AND transactional AND delete_time IS NULL
)sql";

}  // namespace

void InsertLetter(db::Transaction& tx, int64_t message_number, const StoredLetter& letter) {
  tx.Query(kInsertLetter, message_number, letter.to_address, letter.locale, db::Bytes{letter.sealed});
}

std::optional<StoredLetter> LoadLetter(db::Transaction& tx, int64_t message_number) {
  const pqxx::result rows = tx.Query(kLoadLetter, message_number);
  if (rows.empty()) return std::nullopt;
  return StoredLetter{.to_address = rows[0]["to_address"].as<bool>(),
                      .locale = rows[0]["locale"].as<std::string>(),
                      .sealed = db::ReadBytes(rows[0]["sealed"])};
}

std::optional<MemberEndpoint> LoadMemberEndpoint(db::Transaction& tx, absl::string_view member_id) {
  const pqxx::result rows = tx.Query(kLoadMemberEndpoint, member_id);
  if (rows.empty()) return std::nullopt;
  return MemberEndpoint{.recipient_number = rows[0][0].as<int64_t>(), .endpoint_number = rows[0][1].as<int64_t>()};
}

std::optional<int> LoadNewestRevision(db::Transaction& tx, absl::string_view template_id) {
  const pqxx::result rows = tx.Query(kLoadNewestRevision, template_id);
  if (rows.empty()) return std::nullopt;
  return rows[0][0].as<std::optional<int>>();
}

}  // namespace masthead::notifications

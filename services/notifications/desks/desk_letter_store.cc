#include "services/notifications/desks/desk_letter_store.h"

#include "absl/strings/str_cat.h"

namespace masthead::notifications {
namespace {

// Always in the same order, so that nobody waits in a circle.
constexpr char kLockMarks[] = R"sql(
    SELECT pg_advisory_xact_lock(mark)
    FROM (SELECT DISTINCT hashtextextended('desk letters:' || mark, 0) AS mark
          FROM unnest($1::text[]) AS m (mark)
          ORDER BY 1) AS marks
)sql";

constexpr char kCountRecent[] = R"sql(
    SELECT count(*) FILTER (WHERE network = $2 AND create_time > db_now() - $5::interval) AS of_network,
           count(*) FILTER (WHERE sender = $3 AND sender <> '' AND create_time > db_now() - $5::interval) AS of_sender,
           count(*) FILTER (WHERE desk_id = $1 AND create_time > db_now() - $5::interval) AS to_desk,
           coalesce(bool_or(words = $4), false) AS same_words,
           coalesce(min(create_time) FILTER (WHERE create_time > db_now() - $5::interval), db_now()) AS oldest
    FROM desk_letters
    WHERE create_time > db_now() - $6::interval AND (network = $2 OR (sender = $3 AND sender <> '') OR desk_id = $1 OR words = $4)
)sql";

constexpr char kInsert[] = R"sql(
    INSERT INTO desk_letters (id, desk_id, kind, article_id, sealed, message_id, network, sender, words)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    RETURNING number, create_time
)sql";

constexpr char kLoad[] = R"sql(
    SELECT number, id, desk_id, kind, article_id, sealed, message_id, create_time
    FROM desk_letters
    WHERE id = $1
)sql";

constexpr char kLoadPage[] = R"sql(
    SELECT number, id, desk_id, kind, article_id, sealed, message_id, create_time
    FROM desk_letters
    WHERE ($1 = '' OR desk_id = $1) AND ($2 = '' OR article_id = $2) AND ($3 = 0 OR number < $3)
    ORDER BY number DESC
    LIMIT $4
)sql";

constexpr char kRemove[] = "DELETE FROM desk_letters WHERE id = $1";

constexpr char kRemoveOld[] = R"sql(
    DELETE FROM desk_letters
    WHERE number IN (SELECT number FROM desk_letters
                     WHERE create_time <= db_now() - $1::interval
                     ORDER BY create_time
                     LIMIT $2
                     FOR UPDATE SKIP LOCKED)
)sql";

DeskLetter ReadRow(const pqxx::row& row) {
  return {.number = row["number"].as<int64_t>(),
          .id = row["id"].as<std::string>(),
          .desk_id = row["desk_id"].as<std::string>(),
          .kind = row["kind"].as<std::string>(),
          .article_id = row["article_id"].as<std::string>(),
          .sealed_words = db::ReadBytes(row["sealed"]),
          .message_id = row["message_id"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>()};
}

}  // namespace

RecentLetters CountRecentLetters(db::Transaction& tx, absl::string_view desk_id, const LetterMarks& marks) {
  std::vector<std::string> locked = {absl::StrCat("desk:", desk_id), absl::StrCat("network:", marks.network),
                                     absl::StrCat("words:", marks.words)};
  if (!marks.sender.empty()) locked.push_back(absl::StrCat("sender:", marks.sender));
  tx.Query(kLockMarks, db::TextArray(locked));
  const pqxx::row row =
      tx.Query(kCountRecent, desk_id, marks.network, marks.sender, marks.words, kDeskLetterWindow, kSameWordsWindow)[0];
  return {.same_words = row["same_words"].as<bool>(),
          .of_network = row["of_network"].as<int>(),
          .of_sender = row["of_sender"].as<int>(),
          .to_desk = row["to_desk"].as<int>(),
          .oldest = row["oldest"].as<absl::Time>()};
}

void InsertDeskLetter(db::Transaction& tx, DeskLetter& letter, const LetterMarks& marks) {
  const pqxx::row row =
      tx.Query(kInsert, letter.id, letter.desk_id, letter.kind, letter.article_id, db::Bytes{letter.sealed_words},
               letter.message_id, marks.network, marks.sender, marks.words)[0];
  letter.number = row["number"].as<int64_t>();
  letter.create_time = row["create_time"].as<absl::Time>();
}

std::optional<DeskLetter> LoadDeskLetter(db::Transaction& tx, absl::string_view id) {
  const pqxx::result rows = tx.Query(kLoad, id);
  if (rows.empty()) return std::nullopt;
  return ReadRow(rows.front());
}

std::vector<DeskLetter> LoadDeskLetters(db::Transaction& tx, absl::string_view desk_id, absl::string_view article_id,
                                        int64_t before, int limit) {
  std::vector<DeskLetter> letters;
  for (const pqxx::row& row : tx.Query(kLoadPage, desk_id, article_id, before, limit)) {
    letters.push_back(ReadRow(row));
  }
  return letters;
}

bool RemoveDeskLetter(db::Transaction& tx, absl::string_view id) { return tx.Query(kRemove, id).affected_rows() > 0; }

int64_t RemoveOldDeskLetters(db::Transaction& tx, int limit) {
  return static_cast<int64_t>(tx.Query(kRemoveOld, kDeskLettersKept, limit).affected_rows());
}

}  // namespace masthead::notifications

#include "services/memberships/signin/email_change_store.h"

namespace masthead::memberships {
namespace {

constexpr char kRemoveUnfinished[] = R"sql(
  DELETE FROM email_changes WHERE member_id = $1 AND complete_time IS NULL
)sql";

constexpr char kInsertEmailChange[] = R"sql(
  INSERT INTO email_changes (id, member_id, sealed, old_token_hash, new_token_hash, create_time, expire_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql";

constexpr char kLockEmailChange[] = R"sql(
  SELECT * FROM email_changes WHERE old_token_hash = $1 OR new_token_hash = $1 FOR UPDATE
)sql";

constexpr char kSaveEmailChange[] = R"sql(
  UPDATE email_changes SET old_confirm_time = $2, new_confirm_time = $3, complete_time = $4 WHERE id = $1
)sql";

}  // namespace

void InsertEmailChange(db::Transaction& tx, const EmailChange& change) {
  tx.Query(kRemoveUnfinished, change.member_id);
  tx.Query(kInsertEmailChange, change.id, change.member_id, db::Bytes{change.sealed_address},
           db::Bytes{change.old_token_hash}, db::Bytes{change.new_token_hash}, change.create_time, change.expire_time);
}

std::optional<EmailChange> LockEmailChange(db::Transaction& tx, const std::string& token_hash) {
  const pqxx::result rows = tx.Query(kLockEmailChange, db::Bytes{token_hash});
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  return EmailChange{.id = row["id"].as<std::string>(),
                     .member_id = row["member_id"].as<std::string>(),
                     .sealed_address = db::ReadBytes(row["sealed"]),
                     .old_token_hash = db::ReadBytes(row["old_token_hash"]),
                     .new_token_hash = db::ReadBytes(row["new_token_hash"]),
                     .old_confirm_time = row["old_confirm_time"].as<std::optional<absl::Time>>(),
                     .new_confirm_time = row["new_confirm_time"].as<std::optional<absl::Time>>(),
                     .create_time = row["create_time"].as<absl::Time>(),
                     .expire_time = row["expire_time"].as<absl::Time>(),
                     .complete_time = row["complete_time"].as<std::optional<absl::Time>>()};
}

void SaveEmailChange(db::Transaction& tx, const EmailChange& change) {
  tx.Query(kSaveEmailChange, change.id, change.old_confirm_time, change.new_confirm_time, change.complete_time);
}

}  // namespace masthead::memberships

#include "services/articles/locking/edit_lock_store.h"

namespace masthead::articles {
namespace {

constexpr char kLoad[] = R"sql(
  SELECT holder, session_id, acquire_time, expire_time
  FROM article_edit_locks
  WHERE article_id = $1)sql";

constexpr char kPut[] = R"sql(
  INSERT INTO article_edit_locks (article_id, holder, session_id, acquire_time, expire_time)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (article_id) DO UPDATE
  SET holder = excluded.holder,
      session_id = excluded.session_id,
      acquire_time = excluded.acquire_time,
      expire_time = excluded.expire_time)sql";

constexpr char kRemove[] = R"sql(
  DELETE FROM article_edit_locks
  WHERE article_id = $1)sql";

}  // namespace

std::optional<EditLock> LoadEditLock(db::Transaction& tx, const std::string& article_id) {
  const pqxx::result rows = tx.Query(kLoad, article_id);
  if (rows.empty()) return std::nullopt;
  return EditLock{.article_id = article_id,
                  .holder = rows[0]["holder"].as<std::string>(),
                  .session_id = rows[0]["session_id"].as<std::string>(),
                  .acquire_time = rows[0]["acquire_time"].as<absl::Time>(),
                  .expire_time = rows[0]["expire_time"].as<absl::Time>()};
}

void PutEditLock(db::Transaction& tx, const EditLock& lock) {
  tx.Query(kPut, lock.article_id, lock.holder, lock.session_id, lock.acquire_time, lock.expire_time);
}

void RemoveEditLock(db::Transaction& tx, const std::string& article_id) { tx.Query(kRemove, article_id); }

}  // namespace masthead::articles

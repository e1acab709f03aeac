#include "services/articles/redirects/redirect_store.h"

namespace masthead::articles {
namespace {

constexpr char kLock[] = "LOCK TABLE redirects IN SHARE ROW EXCLUSIVE MODE";

constexpr char kInsert[] = R"sql(
  INSERT INTO redirects (id, from_path, target, status)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (from_path) DO NOTHING
  RETURNING create_time)sql";

constexpr char kShorten[] = R"sql(
  UPDATE redirects
  SET version = version + 1,
      target = $2,
      status = CASE WHEN $3 = 301 THEN status ELSE $3 END
  WHERE target = $1)sql";

constexpr char kLoad[] = R"sql(
  SELECT *
  FROM redirects
  WHERE id = $1)sql";

constexpr char kLoadFrom[] = R"sql(
  SELECT *
  FROM redirects
  WHERE from_path = $1)sql";

constexpr char kRemove[] = R"sql(
  DELETE FROM redirects
  WHERE id = $1)sql";

constexpr char kList[] = R"sql(
  SELECT *
  FROM redirects
  WHERE id > $1
  ORDER BY id
  LIMIT $2)sql";

PathRedirect ReadRedirect(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .version = row["version"].as<int64_t>(),
          .from_path = row["from_path"].as<std::string>(),
          .target = row["target"].as<std::string>(),
          .status = row["status"].as<int>(),
          .create_time = row["create_time"].as<absl::Time>()};
}

std::optional<PathRedirect> ReadOne(const pqxx::result& rows) {
  return rows.empty() ? std::nullopt : std::optional(ReadRedirect(rows[0]));
}

}  // namespace

void LockRedirects(db::Transaction& tx) { tx.Query(kLock); }

bool InsertRedirect(db::Transaction& tx, PathRedirect& redirect) {
  const pqxx::result inserted = tx.Query(kInsert, redirect.id, redirect.from_path, redirect.target, redirect.status);
  if (inserted.empty()) return false;
  redirect.create_time = inserted[0][0].as<absl::Time>();
  return true;
}

void ShortenRedirectsTo(db::Transaction& tx, const PathRedirect& redirect) {
  tx.Query(kShorten, redirect.from_path, redirect.target, redirect.status);
}

std::optional<PathRedirect> LoadRedirect(db::Transaction& tx, const std::string& id) {
  return ReadOne(tx.Query(kLoad, id));
}

std::optional<PathRedirect> LoadRedirectFrom(db::Transaction& tx, const std::string& from_path) {
  return ReadOne(tx.Query(kLoadFrom, from_path));
}

void RemoveRedirect(db::Transaction& tx, const std::string& id) { tx.Query(kRemove, id); }

std::vector<PathRedirect> LoadRedirects(db::Transaction& tx, const std::string& after, int limit) {
  std::vector<PathRedirect> redirects;
  for (const pqxx::row& row : tx.Query(kList, after, limit)) redirects.push_back(ReadRedirect(row));
  return redirects;
}

}  // namespace masthead::articles

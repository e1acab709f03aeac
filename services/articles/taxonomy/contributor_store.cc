#include "services/articles/taxonomy/contributor_store.h"

namespace masthead::articles {
namespace {

constexpr char kInsert[] = R"sql(
  INSERT INTO contributors (id, kind, display_name, biography, contact_email)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (id) DO NOTHING
  RETURNING create_time, update_time)sql";

constexpr char kLoad[] = R"sql(
  SELECT *
  FROM contributors
  WHERE id = $1)sql";

constexpr char kLock[] = R"sql(
  SELECT *
  FROM contributors
  WHERE id = $1
  FOR UPDATE)sql";

constexpr char kSave[] = R"sql(
  UPDATE contributors
  SET version = version + 1,
      display_name = $3,
      biography = $4,
      contact_email = $5,
      update_time = db_now()
  WHERE id = $1 AND version = $2
  RETURNING version, update_time)sql";

constexpr char kList[] = R"sql(
  SELECT *
  FROM contributors
  WHERE id > $1
  ORDER BY id
  LIMIT $2)sql";

constexpr char kLoadSeveral[] = R"sql(
  SELECT *
  FROM contributors
  WHERE id = ANY ($1::text[]))sql";

constexpr char kHold[] = R"sql(
  SELECT *
  FROM contributors
  WHERE id = ANY ($1::text[])
  ORDER BY id
  FOR KEY SHARE)sql";

constexpr char kRemove[] = R"sql(
  DELETE FROM contributors
  WHERE id = $1)sql";

Contributor::Kind ParseKind(const std::string& name) {
  for (Contributor::Kind kind : {Contributor::Kind::kPerson, Contributor::Kind::kDesk}) {
    if (name == Name(kind)) return kind;
  }
  return Contributor::Kind::kOrganization;
}

Contributor ReadContributor(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .version = row["version"].as<int64_t>(),
          .kind = ParseKind(row["kind"].as<std::string>()),
          .display_name = row["display_name"].as<std::string>(),
          .biography = row["biography"].as<std::string>(),
          .contact_email = row["contact_email"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::vector<Contributor> ReadAll(const pqxx::result& rows) {
  std::vector<Contributor> contributors;
  for (const pqxx::row& row : rows) contributors.push_back(ReadContributor(row));
  return contributors;
}

std::optional<Contributor> ReadOne(const pqxx::result& rows) {
  return rows.empty() ? std::nullopt : std::optional(ReadContributor(rows[0]));
}

}  // namespace

bool InsertContributor(db::Transaction& tx, Contributor& contributor) {
  const pqxx::result inserted = tx.Query(kInsert, contributor.id, Name(contributor.kind), contributor.display_name,
                                         contributor.biography, contributor.contact_email);
  if (inserted.empty()) return false;
  contributor.create_time = inserted[0][0].as<absl::Time>();
  contributor.update_time = inserted[0][1].as<absl::Time>();
  return true;
}

std::optional<Contributor> LoadContributor(db::Transaction& tx, const std::string& id) {
  return ReadOne(tx.Query(kLoad, id));
}

std::optional<Contributor> LockContributor(db::Transaction& tx, const std::string& id) {
  return ReadOne(tx.Query(kLock, id));
}

void SaveContributor(db::Transaction& tx, Contributor& contributor) {
  const pqxx::result saved = tx.Query(kSave, contributor.id, contributor.version, contributor.display_name,
                                      contributor.biography, contributor.contact_email);
  contributor.version = saved.at(0)[0].as<int64_t>();
  contributor.update_time = saved.at(0)[1].as<absl::Time>();
}

std::vector<Contributor> LoadContributors(db::Transaction& tx, const std::string& after, int limit) {
  return ReadAll(tx.Query(kList, after, limit));
}

std::vector<Contributor> LoadContributors(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kLoadSeveral, db::TextArray(ids)));
}

std::vector<Contributor> HoldContributors(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kHold, db::TextArray(ids)));
}

void RemoveContributor(db::Transaction& tx, const std::string& id) { tx.Query(kRemove, id); }

}  // namespace masthead::articles

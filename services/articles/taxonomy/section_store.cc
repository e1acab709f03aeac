#include "services/articles/taxonomy/section_store.h"

#include <utility>

namespace masthead::articles {
namespace {

constexpr char kLockTree[] = "LOCK TABLE sections IN SHARE ROW EXCLUSIVE MODE";

constexpr char kLoadTree[] = R"sql(
  SELECT id, coalesce(parent_id, '')
  FROM sections)sql";

constexpr char kInsert[] = R"sql(
  INSERT INTO sections (id, parent_id, display_name, slug, description)
  VALUES ($1, nullif($2, ''), $3, $4, $5)
  ON CONFLICT DO NOTHING
  RETURNING create_time, update_time)sql";

constexpr char kLoad[] = R"sql(
  SELECT *, section_path(id) AS path
  FROM sections
  WHERE id = $1)sql";

constexpr char kLock[] = R"sql(
  SELECT *, section_path(id) AS path
  FROM sections
  WHERE id = $1
  FOR UPDATE)sql";

constexpr char kFindSlug[] = R"sql(
  SELECT id
  FROM sections
  WHERE coalesce(parent_id, '') = $1 AND slug = $2 AND id <> $3)sql";

constexpr char kSave[] = R"sql(
  UPDATE sections
  SET version = version + 1,
      parent_id = nullif($3, ''),
      display_name = $4,
      slug = $5,
      description = $6,
      update_time = db_now()
  WHERE id = $1 AND version = $2
  RETURNING version, update_time)sql";

constexpr char kTouch[] = R"sql(
  UPDATE sections
  SET version = version + 1,
      update_time = db_now()
  WHERE id = ANY ($1::text[]))sql";

constexpr char kPath[] = "SELECT section_path($1)";

constexpr char kRedirect[] = R"sql(
  INSERT INTO section_redirects (path, section_id)
  VALUES ($1, $2)
  ON CONFLICT (path) DO UPDATE
  SET section_id = excluded.section_id)sql";

constexpr char kEndRedirects[] = R"sql(
  DELETE FROM section_redirects
  WHERE path IN (SELECT section_path(id) FROM sections))sql";

constexpr char kRemove[] = R"sql(
  DELETE FROM sections
  WHERE id = $1)sql";

constexpr char kList[] = R"sql(
  SELECT *, section_path(id) AS path
  FROM sections
  WHERE id > $1
  ORDER BY id
  LIMIT $2)sql";

constexpr char kLoadSeveral[] = R"sql(
  SELECT *, section_path(id) AS path
  FROM sections
  WHERE id = ANY ($1::text[]))sql";

constexpr char kHold[] = R"sql(
  SELECT *, section_path(id) AS path
  FROM sections
  WHERE id = ANY ($1::text[])
  ORDER BY id
  FOR KEY SHARE)sql";

// A live path before a redirect. Slugs end paths, so the last one finds the few candidates.
constexpr char kLoadAt[] = R"sql(
  SELECT *, section_path(id) AS path
  FROM sections
  WHERE id = coalesce(
    (SELECT id FROM sections WHERE slug = regexp_replace($1, '^.*/', '') AND section_path(id) = $1),
    (SELECT section_id FROM section_redirects WHERE path = $1)))sql";

Section ReadSection(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .version = row["version"].as<int64_t>(),
          .parent_id = row["parent_id"].as<std::string>(""),
          .display_name = row["display_name"].as<std::string>(),
          .slug = row["slug"].as<std::string>(),
          .path = row["path"].as<std::string>(),
          .description = row["description"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::vector<Section> ReadAll(const pqxx::result& rows) {
  std::vector<Section> sections;
  for (const pqxx::row& row : rows) sections.push_back(ReadSection(row));
  return sections;
}

std::optional<Section> ReadOne(const pqxx::result& rows) {
  return rows.empty() ? std::nullopt : std::optional(ReadSection(rows[0]));
}

std::optional<std::string> FindSlugHolder(db::Transaction& tx, const Section& section) {
  const pqxx::result holder = tx.Query(kFindSlug, section.parent_id, section.slug, section.id);
  return holder.empty() ? std::nullopt : std::optional(holder[0][0].as<std::string>());
}

std::string LoadPath(db::Transaction& tx, const std::string& id) {
  return tx.Query(kPath, id).at(0)[0].as<std::string>();
}

}  // namespace

SectionTree LockTree(db::Transaction& tx) {
  tx.Query(kLockTree);
  SectionTree tree;
  for (const pqxx::row& row : tx.Query(kLoadTree)) tree[row[0].as<std::string>()] = row[1].as<std::string>();
  return tree;
}

TopicWrite InsertSection(db::Transaction& tx, Section& section) {
  const pqxx::result inserted =
      tx.Query(kInsert, section.id, section.parent_id, section.display_name, section.slug, section.description);
  if (inserted.empty()) {
    std::optional<std::string> holder = FindSlugHolder(tx, section);
    return {.id_is_taken = !holder.has_value(), .slug_holder_id = std::move(holder)};
  }
  section.create_time = inserted[0][0].as<absl::Time>();
  section.update_time = inserted[0][1].as<absl::Time>();
  section.path = LoadPath(tx, section.id);
  tx.Query(kEndRedirects);
  return {};
}

std::optional<Section> LoadSection(db::Transaction& tx, const std::string& id) { return ReadOne(tx.Query(kLoad, id)); }

std::optional<Section> LockSection(db::Transaction& tx, const std::string& id) { return ReadOne(tx.Query(kLock, id)); }

TopicWrite SaveSection(db::Transaction& tx, Section& section) {
  if (std::optional<std::string> holder = FindSlugHolder(tx, section)) return {.slug_holder_id = std::move(holder)};
  const pqxx::result saved = tx.Query(kSave, section.id, section.version, section.parent_id, section.display_name,
                                      section.slug, section.description);
  section.version = saved.at(0)[0].as<int64_t>();
  section.update_time = saved.at(0)[1].as<absl::Time>();
  section.path = LoadPath(tx, section.id);
  return {};
}

std::vector<Section> TouchSections(db::Transaction& tx, const std::vector<std::string>& ids) {
  tx.Query(kTouch, db::TextArray(ids));
  return LoadSections(tx, ids);
}

void RedirectFormerPaths(db::Transaction& tx, const std::vector<Section>& sections) {
  for (const Section& section : sections) tx.Query(kRedirect, section.path, section.id);
  tx.Query(kEndRedirects);
}

void RemoveSection(db::Transaction& tx, const std::string& id) { tx.Query(kRemove, id); }

std::vector<Section> LoadSections(db::Transaction& tx, const std::string& after, int limit) {
  return ReadAll(tx.Query(kList, after, limit));
}

std::vector<Section> LoadSections(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kLoadSeveral, db::TextArray(ids)));
}

std::vector<Section> HoldSections(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kHold, db::TextArray(ids)));
}

std::optional<Section> LoadSectionAt(db::Transaction& tx, const std::string& path) {
  return ReadOne(tx.Query(kLoadAt, path));
}

}  // namespace masthead::articles

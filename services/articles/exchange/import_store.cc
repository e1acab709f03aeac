#include "services/articles/exchange/import_store.h"

#include "services/articles/article/article.h"

namespace masthead::articles {
namespace {

constexpr char kForgetOld[] = R"sql(
  DELETE FROM import_records
  WHERE create_time < db_now() - interval '1 day')sql";

constexpr char kInsertRecords[] = R"sql(
  INSERT INTO import_records (import_id, seq, table_name, key, record)
  SELECT $1, $2::bigint + place, table_name, key, record
  FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS sent (table_name, key, record, place)
  ON CONFLICT DO NOTHING)sql";

constexpr char kLoadItem[] = R"sql(
  SELECT seq, record
  FROM import_records
  WHERE import_id = $1 AND table_name = 'item' AND seq > $2
  ORDER BY seq
  LIMIT 1)sql";

constexpr char kLoadRecords[] = R"sql(
  SELECT record
  FROM import_records
  WHERE import_id = $1 AND table_name = $2 AND md5(key) = md5($3) AND key = $3
  ORDER BY seq)sql";

constexpr char kRemoveRecords[] = R"sql(
  DELETE FROM import_records
  WHERE import_id = $1)sql";

constexpr char kLoadFormerImport[] = R"sql(
  SELECT digest, revision
  FROM imported_articles
  WHERE article_id = $1)sql";

constexpr char kSaveImport[] = R"sql(
  INSERT INTO imported_articles (article_id, digest, revision, import_time)
  VALUES ($1, $2, $3, db_now())
  ON CONFLICT (article_id) DO UPDATE
  SET digest = excluded.digest, revision = excluded.revision, import_time = excluded.import_time)sql";

constexpr char kKeepOrigin[] = R"sql(
  UPDATE articles
  SET version = $2, create_time = $3, update_time = $4
  WHERE id = $1)sql";

constexpr char kKeepCreateTime[] = R"sql(
  UPDATE articles
  SET create_time = $2
  WHERE id = $1)sql";

constexpr char kSaveFormerPaths[] = R"sql(
  INSERT INTO imported_paths (site, path, article_id)
  SELECT $1, path, $2
  FROM unnest($3::text[]) AS sent (path)
  ON CONFLICT (site, path) DO UPDATE
  SET article_id = excluded.article_id)sql";

constexpr char kNoteLinks[] = R"sql(
  INSERT INTO imported_links (site, article_id)
  VALUES ($1, $2)
  ON CONFLICT DO NOTHING)sql";

constexpr char kLoadLinking[] = R"sql(
  SELECT article_id
  FROM imported_links
  WHERE site = $1 AND article_id > $2
  ORDER BY article_id
  LIMIT 1)sql";

constexpr char kForgetLinks[] = R"sql(
  DELETE FROM imported_links
  WHERE site = $1 AND article_id = $2)sql";

constexpr char kLoadPlaces[] = R"sql(
  SELECT p.path, a.language_code, coalesce(nullif(a.published_slug, ''), r.head->>'slug')
  FROM imported_paths p
  JOIN articles a ON a.id = p.article_id
  JOIN article_revisions r ON r.article_id = a.id AND r.revision = a.revision
  WHERE p.site = $1 AND p.path = ANY ($2::text[]) AND a.delete_time IS NULL)sql";

constexpr char kLoadFormerSlugs[] = R"sql(
  SELECT slug
  FROM article_slugs
  WHERE article_id = $1 AND use = 'REDIRECT'
  ORDER BY slug)sql";

constexpr char kLoadMergedTagIds[] = R"sql(
  SELECT id
  FROM tags
  WHERE merged_into IS NOT NULL
  ORDER BY id)sql";

constexpr char kLoadPosition[] = R"sql(
  SELECT create_time::text
  FROM articles
  WHERE id = $1 AND delete_time IS NULL)sql";

}  // namespace

void InsertRecords(db::Transaction& tx, const std::string& import_id, int64_t first_seq,
                   const std::vector<Record>& records) {
  if (first_seq == 1) tx.Query(kForgetOld);
  std::vector<std::string> tables;
  std::vector<std::string> keys;
  std::vector<std::string> texts;
  for (const Record& record : records) {
    tables.push_back(record.table);
    keys.push_back(record.key);
    texts.push_back(record.json);
  }
  tx.Query(kInsertRecords, import_id, first_seq - 1, db::TextArray(tables), db::TextArray(keys), db::TextArray(texts));
}

std::optional<StoredRecord> LoadItem(db::Transaction& tx, const std::string& import_id, int64_t seq) {
  const pqxx::result rows = tx.Query(kLoadItem, import_id, seq);
  if (rows.empty()) return std::nullopt;
  return StoredRecord{.seq = rows[0][0].as<int64_t>(), .json = rows[0][1].as<std::string>()};
}

std::vector<std::string> LoadRecords(db::Transaction& tx, const std::string& import_id, const std::string& table,
                                     const std::string& key) {
  std::vector<std::string> records;
  const pqxx::result rows = tx.Query(kLoadRecords, import_id, table, key);
  for (const pqxx::row& row : rows) records.push_back(row[0].as<std::string>());
  return records;
}

void RemoveRecords(db::Transaction& tx, const std::string& import_id) { tx.Query(kRemoveRecords, import_id); }

std::optional<FormerImport> LoadFormerImport(db::Transaction& tx, const std::string& article_id) {
  const pqxx::result rows = tx.Query(kLoadFormerImport, article_id);
  if (rows.empty()) return std::nullopt;
  return FormerImport{.digest = db::ReadBytes(rows[0][0]), .revision = rows[0][1].as<int64_t>()};
}

void SaveImport(db::Transaction& tx, const std::string& article_id, const std::string& digest, int64_t revision) {
  tx.Query(kSaveImport, article_id, db::Bytes{digest}, revision);
}

void KeepOrigin(db::Transaction& tx, const std::string& article_id, int64_t version, absl::Time create_time,
                absl::Time update_time) {
  tx.Query(kKeepOrigin, article_id, version, create_time, update_time);
}

void KeepCreateTime(db::Transaction& tx, const std::string& article_id, absl::Time create_time) {
  tx.Query(kKeepCreateTime, article_id, create_time);
}

void SaveFormerPaths(db::Transaction& tx, const std::string& site, const std::string& article_id,
                     const std::vector<std::string>& paths) {
  tx.Query(kSaveFormerPaths, site, article_id, db::TextArray(paths));
}

void NoteLinks(db::Transaction& tx, const std::string& site, const std::string& article_id) {
  tx.Query(kNoteLinks, site, article_id);
}

std::string LoadLinking(db::Transaction& tx, const std::string& site, const std::string& after) {
  const pqxx::result rows = tx.Query(kLoadLinking, site, after);
  return rows.empty() ? "" : rows[0][0].as<std::string>();
}

void ForgetLinks(db::Transaction& tx, const std::string& site, const std::string& article_id) {
  tx.Query(kForgetLinks, site, article_id);
}

std::map<std::string, std::string> LoadNewPaths(db::Transaction& tx, const std::string& site,
                                                const std::set<std::string>& paths) {
  std::map<std::string, std::string> places;
  const pqxx::result rows =
      tx.Query(kLoadPlaces, site, db::TextArray(std::vector<std::string>(paths.begin(), paths.end())));
  for (const pqxx::row& row : rows) {
    const std::string slug = row[2].as<std::string>("");
    if (!slug.empty()) places[row[0].as<std::string>()] = UrlPath(row[1].as<std::string>(), slug);
  }
  return places;
}

std::vector<std::string> LoadFormerSlugs(db::Transaction& tx, const std::string& article_id) {
  std::vector<std::string> slugs;
  const pqxx::result rows = tx.Query(kLoadFormerSlugs, article_id);
  for (const pqxx::row& row : rows) slugs.push_back(row[0].as<std::string>());
  return slugs;
}

std::vector<std::string> LoadMergedTagIds(db::Transaction& tx) {
  std::vector<std::string> ids;
  const pqxx::result rows = tx.Query(kLoadMergedTagIds);
  for (const pqxx::row& row : rows) ids.push_back(row[0].as<std::string>());
  return ids;
}

std::optional<filter::Position> LoadPosition(db::Transaction& tx, const std::string& article_id) {
  const pqxx::result rows = tx.Query(kLoadPosition, article_id);
  if (rows.empty()) return std::nullopt;
  return filter::Position{.key = rows[0][0].as<std::string>(), .id = article_id};
}

}  // namespace masthead::articles

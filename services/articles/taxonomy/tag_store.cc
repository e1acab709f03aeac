#include "services/articles/taxonomy/tag_store.h"

#include <utility>

namespace masthead::articles {
namespace {

constexpr char kInsert[] = R"sql(
  INSERT INTO tags (id, display_name, slug, description)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING
  RETURNING create_time, update_time)sql";

constexpr char kLoad[] = R"sql(
  SELECT *
  FROM tags
  WHERE id = $1)sql";

constexpr char kLock[] = R"sql(
  SELECT *
  FROM tags
  WHERE id = $1
  FOR UPDATE)sql";

constexpr char kFindSlug[] = R"sql(
  SELECT id
  FROM tags
  WHERE slug = $1 AND id <> $2)sql";

// Against others that write; readers and publications go on.
constexpr char kLockSlugs[] = "LOCK TABLE tags IN SHARE ROW EXCLUSIVE MODE";

constexpr char kSave[] = R"sql(
  UPDATE tags
  SET version = version + 1,
      display_name = $3,
      slug = $4,
      description = $5,
      update_time = db_now()
  WHERE id = $1 AND version = $2
  RETURNING version, update_time)sql";

constexpr char kRemove[] = R"sql(
  DELETE FROM tags
  WHERE id = $1)sql";

constexpr char kList[] = R"sql(
  SELECT *
  FROM tags
  WHERE id > $1 AND merged_into IS NULL
  ORDER BY id
  LIMIT $2)sql";

constexpr char kLoadSeveral[] = R"sql(
  SELECT *
  FROM tags
  WHERE id = ANY ($1::text[]))sql";

constexpr char kHold[] = R"sql(
  SELECT *
  FROM tags
  WHERE id = ANY ($1::text[])
  ORDER BY id
  FOR KEY SHARE)sql";

constexpr char kLockSeveral[] = R"sql(
  SELECT *
  FROM tags
  WHERE id = ANY ($1::text[])
  ORDER BY id
  FOR UPDATE)sql";

constexpr char kMerge[] = R"sql(
  UPDATE tags
  SET version = version + 1,
      merged_into = $2,
      update_time = db_now()
  WHERE id = $1
  RETURNING version, update_time)sql";

constexpr char kMergeFormer[] = R"sql(
  UPDATE tags
  SET merged_into = $2
  WHERE merged_into = $1)sql";

constexpr char kIsTarget[] = R"sql(
  SELECT EXISTS (SELECT FROM tags WHERE merged_into = $1))sql";

constexpr char kListUnderTarget[] = R"sql(
  INSERT INTO published_article_tags (tag_id, article_id, publish_time)
  SELECT $2, article_id, publish_time
  FROM published_article_tags
  WHERE tag_id = $1
  ON CONFLICT DO NOTHING)sql";

constexpr char kUnlist[] = R"sql(
  DELETE FROM published_article_tags
  WHERE tag_id = $1)sql";

Tag ReadTag(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .version = row["version"].as<int64_t>(),
          .display_name = row["display_name"].as<std::string>(),
          .slug = row["slug"].as<std::string>(),
          .description = row["description"].as<std::string>(),
          .merged_into_id = row["merged_into"].as<std::string>(""),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::vector<Tag> ReadAll(const pqxx::result& rows) {
  std::vector<Tag> tags;
  for (const pqxx::row& row : rows) tags.push_back(ReadTag(row));
  return tags;
}

std::optional<Tag> ReadOne(const pqxx::result& rows) {
  return rows.empty() ? std::nullopt : std::optional(ReadTag(rows[0]));
}

std::optional<std::string> FindSlugHolder(db::Transaction& tx, const Tag& tag) {
  const pqxx::result holder = tx.Query(kFindSlug, tag.slug, tag.id);
  return holder.empty() ? std::nullopt : std::optional(holder[0][0].as<std::string>());
}

}  // namespace

TopicWrite InsertTag(db::Transaction& tx, Tag& tag) {
  const pqxx::result inserted = tx.Query(kInsert, tag.id, tag.display_name, tag.slug, tag.description);
  if (inserted.empty()) {
    std::optional<std::string> holder = FindSlugHolder(tx, tag);
    return {.id_is_taken = !holder.has_value(), .slug_holder_id = std::move(holder)};
  }
  tag.create_time = inserted[0][0].as<absl::Time>();
  tag.update_time = inserted[0][1].as<absl::Time>();
  return {};
}

std::optional<Tag> LoadTag(db::Transaction& tx, const std::string& id) { return ReadOne(tx.Query(kLoad, id)); }

std::optional<Tag> LockTag(db::Transaction& tx, const std::string& id) { return ReadOne(tx.Query(kLock, id)); }

TopicWrite SaveTag(db::Transaction& tx, Tag& tag) {
  tx.Query(kLockSlugs);
  if (std::optional<std::string> holder = FindSlugHolder(tx, tag)) return {.slug_holder_id = std::move(holder)};
  const pqxx::result saved = tx.Query(kSave, tag.id, tag.version, tag.display_name, tag.slug, tag.description);
  tag.version = saved.at(0)[0].as<int64_t>();
  tag.update_time = saved.at(0)[1].as<absl::Time>();
  return {};
}

void RemoveTag(db::Transaction& tx, const std::string& id) { tx.Query(kRemove, id); }

std::vector<Tag> LoadTags(db::Transaction& tx, const std::string& after, int limit) {
  return ReadAll(tx.Query(kList, after, limit));
}

std::vector<Tag> LoadTags(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kLoadSeveral, db::TextArray(ids)));
}

std::vector<Tag> HoldTags(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kHold, db::TextArray(ids)));
}

std::vector<Tag> LockTags(db::Transaction& tx, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(kLockSeveral, db::TextArray(ids)));
}

bool IsMergeTarget(db::Transaction& tx, const std::string& id) { return tx.Query(kIsTarget, id).at(0)[0].as<bool>(); }

void MergeTag(db::Transaction& tx, Tag& source, const std::string& target_id) {
  const pqxx::result merged = tx.Query(kMerge, source.id, target_id);
  source.version = merged.at(0)[0].as<int64_t>();
  source.update_time = merged.at(0)[1].as<absl::Time>();
  source.merged_into_id = target_id;
  tx.Query(kMergeFormer, source.id, target_id);
  tx.Query(kListUnderTarget, source.id, target_id);
  tx.Query(kUnlist, source.id);
}

}  // namespace masthead::articles

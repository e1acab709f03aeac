#include "services/articles/taxonomy/taxonomy_store.h"

namespace masthead::articles {
namespace {

// The statements of one of the two tables.
struct Statements {
  const char* insert;
  const char* load;
  const char* lock;
  const char* find_slug;
  const char* lock_slugs;  // Against others that write; readers and publications go on.
  const char* save;
  const char* list;
  const char* load_several;
};

constexpr Statements kSections = {
    .insert = R"sql(
  INSERT INTO sections (id, display_name, slug, description)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING
  RETURNING create_time, update_time)sql",
    .load = R"sql(
  SELECT *
  FROM sections
  WHERE id = $1)sql",
    .lock = R"sql(
  SELECT *
  FROM sections
  WHERE id = $1
  FOR UPDATE)sql",
    .find_slug = R"sql(
  SELECT id
  FROM sections
  WHERE slug = $1 AND id <> $2)sql",
    .lock_slugs = "LOCK TABLE sections IN SHARE ROW EXCLUSIVE MODE",
    .save = R"sql(
  UPDATE sections
  SET version = version + 1,
      display_name = $3,
      slug = $4,
      description = $5,
      update_time = db_now()
  WHERE id = $1 AND version = $2
  RETURNING version, update_time)sql",
    .list = R"sql(
  SELECT *
  FROM sections
  WHERE id > $1
  ORDER BY id
  LIMIT $2)sql",
    .load_several = R"sql(
  SELECT *
  FROM sections
  WHERE id = ANY ($1::text[]))sql",
};

constexpr Statements kTags = {
    .insert = R"sql(
  INSERT INTO tags (id, display_name, slug, description)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING
  RETURNING create_time, update_time)sql",
    .load = R"sql(
  SELECT *
  FROM tags
  WHERE id = $1)sql",
    .lock = R"sql(
  SELECT *
  FROM tags
  WHERE id = $1
  FOR UPDATE)sql",
    .find_slug = R"sql(
  SELECT id
  FROM tags
  WHERE slug = $1 AND id <> $2)sql",
    .lock_slugs = "LOCK TABLE tags IN SHARE ROW EXCLUSIVE MODE",
    .save = R"sql(
  UPDATE tags
  SET version = version + 1,
      display_name = $3,
      slug = $4,
      description = $5,
      update_time = db_now()
  WHERE id = $1 AND version = $2
  RETURNING version, update_time)sql",
    .list = R"sql(
  SELECT *
  FROM tags
  WHERE id > $1
  ORDER BY id
  LIMIT $2)sql",
    .load_several = R"sql(
  SELECT *
  FROM tags
  WHERE id = ANY ($1::text[]))sql",
};

const Statements& Of(Topic::Kind kind) { return kind == Topic::Kind::kSection ? kSections : kTags; }

Topic ReadTopic(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .version = row["version"].as<int64_t>(),
          .display_name = row["display_name"].as<std::string>(),
          .slug = row["slug"].as<std::string>(),
          .description = row["description"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::vector<Topic> ReadAll(const pqxx::result& rows) {
  std::vector<Topic> topics;
  for (const pqxx::row& row : rows) topics.push_back(ReadTopic(row));
  return topics;
}

std::optional<Topic> ReadOne(const pqxx::result& rows) {
  return rows.empty() ? std::nullopt : std::optional(ReadTopic(rows[0]));
}

std::optional<std::string> FindSlugHolder(db::Transaction& tx, Topic::Kind kind, const Topic& topic) {
  const pqxx::result holder = tx.Query(Of(kind).find_slug, topic.slug, topic.id);
  return holder.empty() ? std::nullopt : std::optional(holder[0][0].as<std::string>());
}

}  // namespace

TopicWrite InsertTopic(db::Transaction& tx, Topic::Kind kind, Topic& topic) {
  const pqxx::result inserted = tx.Query(Of(kind).insert, topic.id, topic.display_name, topic.slug, topic.description);
  if (inserted.empty()) {
    std::optional<std::string> holder = FindSlugHolder(tx, kind, topic);
    return {.id_is_taken = !holder.has_value(), .slug_holder_id = std::move(holder)};
  }
  topic.create_time = inserted[0][0].as<absl::Time>();
  topic.update_time = inserted[0][1].as<absl::Time>();
  return {};
}

std::optional<Topic> LoadTopic(db::Transaction& tx, Topic::Kind kind, const std::string& id) {
  return ReadOne(tx.Query(Of(kind).load, id));
}

std::optional<Topic> LockTopic(db::Transaction& tx, Topic::Kind kind, const std::string& id) {
  return ReadOne(tx.Query(Of(kind).lock, id));
}

TopicWrite SaveTopic(db::Transaction& tx, Topic::Kind kind, Topic& topic) {
  tx.Query(Of(kind).lock_slugs);
  if (std::optional<std::string> holder = FindSlugHolder(tx, kind, topic)) return {.slug_holder_id = std::move(holder)};
  const pqxx::result saved =
      tx.Query(Of(kind).save, topic.id, topic.version, topic.display_name, topic.slug, topic.description);
  topic.version = saved.at(0)[0].as<int64_t>();
  topic.update_time = saved.at(0)[1].as<absl::Time>();
  return {};
}

std::vector<Topic> LoadTopics(db::Transaction& tx, Topic::Kind kind, const std::string& after, int limit) {
  return ReadAll(tx.Query(Of(kind).list, after, limit));
}

std::vector<Topic> LoadTopics(db::Transaction& tx, Topic::Kind kind, const std::vector<std::string>& ids) {
  return ReadAll(tx.Query(Of(kind).load_several, db::TextArray(ids)));
}

}  // namespace masthead::articles

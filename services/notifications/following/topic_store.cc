#include "services/notifications/following/topic_store.h"

#include <algorithm>

#include "nlohmann/json.hpp"
#include "services/notifications/errors.h"

namespace masthead::notifications {
namespace {

// `default_expiry` in seconds, for the reader here.
#define TOPIC_COLUMNS                                                                                               \
  "id, number, display_names, source, source_resource, category, required_entitlement, lane, "                      \
  "extract(epoch FROM default_expiry)::bigint AS expiry_seconds, opt_in, default_channels, revision, create_time, " \
  "update_time, delete_time"

Topic FromRow(const pqxx::row& row) {
  Topic topic;
  topic.id = row["id"].as<std::string>();
  topic.number = row["number"].as<int32_t>();
  topic.display_names = nlohmann::json::parse(row["display_names"].c_str()).get<std::map<std::string, std::string>>();
  topic.source = row["source"].as<std::string>();
  topic.source_resource = row["source_resource"].as<std::string>();
  topic.category = row["category"].as<std::string>();
  topic.required_entitlement = row["required_entitlement"].as<std::string>();
  topic.lane = row["lane"].as<std::string>();
  topic.default_expiry = absl::Seconds(row["expiry_seconds"].as<int64_t>());
  topic.opt_in = row["opt_in"].as<std::string>();
  topic.default_channels = row["default_channels"].as<int16_t>();
  topic.revision = row["revision"].as<int64_t>();
  topic.create_time = row["create_time"].as<absl::Time>();
  topic.update_time = row["update_time"].as<absl::Time>();
  topic.delete_time = row["delete_time"].as<std::optional<absl::Time>>();
  return topic;
}

std::optional<Topic> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

std::vector<Topic> AllRows(const pqxx::result& rows) {
  std::vector<Topic> topics;
  for (const pqxx::row& row : rows) topics.push_back(FromRow(row));
  return topics;
}

std::string DisplayNamesJson(const Topic& topic) { return nlohmann::json(topic.display_names).dump(); }

constexpr char kInsertTopic[] = R"sql(
    INSERT INTO topics (id, display_names, source, source_resource, category, required_entitlement, lane, default_expiry, opt_in,
                        default_channels)
    VALUES ($1, $2::jsonb, $3, $4, $5, $6, $7::lane, $8::interval, $9, $10)
    ON CONFLICT (id) DO NOTHING
    RETURNING number, create_time
)sql";

constexpr char kLoadTopic[] = "SELECT " TOPIC_COLUMNS " FROM topics WHERE id = $1";

constexpr char kLoadTopicByNumber[] = "SELECT " TOPIC_COLUMNS " FROM topics WHERE number = $1";

constexpr char kLockTopic[] = "SELECT " TOPIC_COLUMNS " FROM topics WHERE id = $1 FOR NO KEY UPDATE";

constexpr char kLoadLivingTopics[] =
    "SELECT " TOPIC_COLUMNS
    " FROM topics WHERE id = ANY ($1::text[]) AND delete_time IS NULL ORDER BY array_position($1::text[], id)";

constexpr char kLoadTopics[] =
    "SELECT " TOPIC_COLUMNS " FROM topics WHERE id > $1 AND ($2 OR delete_time IS NULL) ORDER BY id LIMIT $3";

constexpr char kSaveTopic[] = R"sql(
    UPDATE topics
    SET display_names = $2::jsonb, required_entitlement = $3, lane = $4::lane, default_expiry = $5::interval,
        delete_time = $6, revision = $7, opt_in = $8, default_channels = $9, update_time = db_now()
    WHERE id = $1
    RETURNING update_time
)sql";

#undef TOPIC_COLUMNS

}  // namespace

bool InsertTopic(db::Transaction& tx, Topic& topic) {
  const pqxx::result rows =
      tx.Query(kInsertTopic, topic.id, DisplayNamesJson(topic), topic.source, topic.source_resource, topic.category,
               topic.required_entitlement, topic.lane, topic.default_expiry, topic.opt_in, topic.default_channels);
  if (rows.empty()) return false;
  topic.number = rows[0]["number"].as<int32_t>();
  topic.create_time = topic.update_time = rows[0]["create_time"].as<absl::Time>();
  return true;
}

void InsertTopicsFirstSeen(db::Transaction& tx, const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    Topic topic = TopicFirstSeen(id);
    InsertTopic(tx, topic);
  }
}

std::optional<Topic> LoadTopic(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kLoadTopic, id)); }

std::optional<Topic> LoadTopic(db::Transaction& tx, int64_t number) {
  return FirstRow(tx.Query(kLoadTopicByNumber, number));
}

std::optional<Topic> LockTopic(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kLockTopic, id)); }

std::vector<Topic> LoadLivingTopics(db::Transaction& tx, const std::vector<std::string>& ids) {
  return AllRows(tx.Query(kLoadLivingTopics, db::TextArray(ids)));
}

absl::StatusOr<std::vector<Topic>> LoadAllTopics(db::Transaction& tx, const std::vector<std::string>& ids) {
  std::vector<Topic> topics = LoadLivingTopics(tx, ids);
  for (const std::string& id : ids) {
    const bool lives = std::any_of(topics.begin(), topics.end(), [&](const Topic& topic) { return topic.id == id; });
    if (!lives) return TopicNotFound(TopicName(id));
  }
  return topics;
}

std::vector<Topic> LoadTopics(db::Transaction& tx, absl::string_view after, bool show_deleted, int limit) {
  return AllRows(tx.Query(kLoadTopics, after, show_deleted, limit));
}

void SaveTopic(db::Transaction& tx, Topic& topic) {
  ++topic.revision;
  topic.update_time = tx.Query(kSaveTopic, topic.id, DisplayNamesJson(topic), topic.required_entitlement, topic.lane,
                               topic.default_expiry, topic.delete_time, topic.revision, topic.opt_in,
                               topic.default_channels)[0]["update_time"]
                          .as<absl::Time>();
}

}  // namespace masthead::notifications

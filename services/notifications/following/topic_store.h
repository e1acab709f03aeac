// Topics in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/notifications/following/topic.h"

namespace masthead::notifications {

// Returns false if the ID is taken. Sets number and times.
bool InsertTopic(db::Transaction& tx, Topic& topic);

// Makes those of `ids` that are missing, as TopicFirstSeen.
void InsertTopicsFirstSeen(db::Transaction& tx, const std::vector<std::string>& ids);

std::optional<Topic> LoadTopic(db::Transaction& tx, absl::string_view id);
std::optional<Topic> LoadTopic(db::Transaction& tx, int64_t number);

// Like LoadTopic, and nobody else can write the topic until `tx` ends.
std::optional<Topic> LockTopic(db::Transaction& tx, absl::string_view id);

// Those of `ids` that exist and are not deleted, in the order of `ids`.
std::vector<Topic> LoadLivingTopics(db::Transaction& tx, const std::vector<std::string>& ids);

// The same, if all of them do; TOPIC_NOT_FOUND for the first that does not.
absl::StatusOr<std::vector<Topic>> LoadAllTopics(db::Transaction& tx, const std::vector<std::string>& ids);

// By ID, after `after`.
std::vector<Topic> LoadTopics(db::Transaction& tx, absl::string_view after, bool show_deleted, int limit);

// Stores what may change of `topic`, which `tx` has locked, and increments its revision.
void SaveTopic(db::Transaction& tx, Topic& topic);

}  // namespace masthead::notifications

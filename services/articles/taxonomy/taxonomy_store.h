// Contributors, sections and tags in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "services/articles/taxonomy/taxonomy.h"

namespace masthead::articles {

// False if the ID is taken. The times come back in `contributor`.
bool InsertContributor(db::Transaction& tx, Contributor& contributor);
std::optional<Contributor> LoadContributor(db::Transaction& tx, const std::string& id);
std::optional<Contributor> LockContributor(db::Transaction& tx, const std::string& id);
// Stores all of a locked contributor, and counts the write.
void SaveContributor(db::Transaction& tx, Contributor& contributor);
// In the order of IDs, those after `after`.
std::vector<Contributor> LoadContributors(db::Transaction& tx, const std::string& after, int limit);
std::vector<Contributor> LoadContributors(db::Transaction& tx, const std::vector<std::string>& ids);

// The same for sections and tags. InsertTopic and SaveTopic give the ID of whoever has the slug, if that is another.
struct TopicWrite {
  bool id_is_taken = false;
  std::optional<std::string> slug_holder_id;
};
TopicWrite InsertTopic(db::Transaction& tx, Topic::Kind kind, Topic& topic);
std::optional<Topic> LoadTopic(db::Transaction& tx, Topic::Kind kind, const std::string& id);
std::optional<Topic> LockTopic(db::Transaction& tx, Topic::Kind kind, const std::string& id);
TopicWrite SaveTopic(db::Transaction& tx, Topic::Kind kind, Topic& topic);
std::vector<Topic> LoadTopics(db::Transaction& tx, Topic::Kind kind, const std::string& after, int limit);
std::vector<Topic> LoadTopics(db::Transaction& tx, Topic::Kind kind, const std::vector<std::string>& ids);

}  // namespace masthead::articles

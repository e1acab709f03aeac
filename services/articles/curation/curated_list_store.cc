#include "services/articles/curation/curated_list_store.h"

#include <map>
#include <utility>

#include "nlohmann/json.hpp"

namespace masthead::articles {
namespace {

constexpr char kInsert[] = R"sql(
  INSERT INTO curated_lists (id, kind, display_name, description, filter, max_items)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT DO NOTHING
  RETURNING create_time, update_time)sql";

constexpr char kLoad[] = R"sql(
  SELECT *
  FROM curated_lists_now
  WHERE id = $1)sql";

// A statement of its own: the one that follows sees what it had to wait for.
constexpr char kLock[] = R"sql(
  SELECT
  FROM curated_lists
  WHERE id = $1
  FOR UPDATE)sql";

constexpr char kLoadPage[] = R"sql(
  SELECT *
  FROM curated_lists_now
  WHERE id > $1
  ORDER BY id
  LIMIT $2)sql";

constexpr char kLoadSeveral[] = R"sql(
  SELECT l.*
  FROM unnest($1::text[]) WITH ORDINALITY wanted(id, place)
  JOIN curated_lists_now l ON l.id = wanted.id
  ORDER BY wanted.place)sql";

constexpr char kLoadAsOf[] = R"sql(
  SELECT DISTINCT ON (list_id) list_id, revision, slots
  FROM curated_list_revisions
  WHERE list_id = ANY ($1::text[]) AND effective_time <= $2
  ORDER BY list_id, effective_time DESC, revision DESC)sql";

constexpr char kSave[] = R"sql(
  UPDATE curated_lists
  SET version = version + 1,
      display_name = $2,
      description = $3,
      filter = $4,
      max_items = $5,
      update_time = db_now()
  WHERE id = $1
  RETURNING update_time)sql";

constexpr char kRemove[] = R"sql(
  DELETE FROM curated_lists
  WHERE id = $1)sql";

// What is to hold now comes after all that was to hold at once before it, even if its transaction began earlier.
constexpr char kInsertRevision[] = R"sql(
  INSERT INTO curated_list_revisions (list_id, revision, scheduled, effective_time, slots, editor)
  SELECT $1, $2, $3::timestamptz IS NOT NULL,
         coalesce($3::timestamptz, greatest(db_now(), (
           SELECT max(effective_time)
           FROM curated_list_revisions
           WHERE list_id = $1 AND NOT scheduled))),
         $4::jsonb, $5
  RETURNING effective_time, create_time)sql";

constexpr char kCountWrite[] = R"sql(
  UPDATE curated_lists
  SET version = version + 1, last_revision = $2, update_time = db_now()
  WHERE id = $1
  RETURNING update_time)sql";

constexpr char kLoadRevision[] = R"sql(
  SELECT *
  FROM curated_list_revisions
  WHERE list_id = $1 AND revision = $2)sql";

constexpr char kRemoveRevision[] = R"sql(
  DELETE FROM curated_list_revisions
  WHERE list_id = $1 AND revision = $2)sql";

constexpr char kNextEffectiveTime[] = R"sql(
  SELECT min(effective_time)
  FROM curated_list_revisions
  WHERE list_id = $1 AND effective_time > db_now())sql";

constexpr char kCountScheduled[] = R"sql(
  SELECT count(*)
  FROM curated_list_revisions
  WHERE list_id = $1 AND effective_time > db_now())sql";

constexpr char kLoadRevisions[] = R"sql(
  SELECT *
  FROM curated_list_revisions
  WHERE list_id = $1 AND (effective_time, revision) < ($2, $3)
  ORDER BY effective_time DESC, revision DESC
  LIMIT $4)sql";

// Schedules that took effect count for the version as long as they are there; so it takes over those that go.
constexpr char kForget[] = R"sql(
  WITH forgotten AS (
    DELETE FROM curated_list_revisions
    WHERE list_id = $1 AND effective_time <= db_now() AND revision NOT IN (
      SELECT revision
      FROM curated_list_revisions
      WHERE list_id = $1 AND effective_time <= db_now()
      ORDER BY effective_time DESC, revision DESC
      LIMIT $2)
    RETURNING scheduled
  )
  UPDATE curated_lists
  SET version = version + (SELECT count(*) FROM forgotten WHERE scheduled)
  WHERE id = $1)sql";

constexpr char kFindMissing[] = R"sql(
  SELECT wanted.id
  FROM unnest($1::text[]) wanted(id)
  WHERE NOT EXISTS (SELECT FROM articles a WHERE a.id = wanted.id AND a.delete_time IS NULL))sql";

std::string SlotsToJson(const std::vector<Slot>& slots) {
  nlohmann::json json = nlohmann::json::array();
  for (const Slot& slot : slots) json.push_back({{"article", slot.article_id}, {"position", slot.position}});
  return json.dump();
}

std::vector<Slot> SlotsFromJson(const std::string& text) {
  std::vector<Slot> slots;
  for (const nlohmann::json& slot : nlohmann::json::parse(text)) {
    slots.push_back({slot.at("article").get<std::string>(), slot.at("position").get<int32_t>()});
  }
  return slots;
}

CuratedList ReadList(const pqxx::row& row) {
  CuratedList list = {.id = row["id"].as<std::string>(),
                      .version = row["version"].as<int64_t>(),
                      .kind = ParseListKind(row["kind"].as<std::string>()).value(),
                      .display_name = row["display_name"].as<std::string>(),
                      .description = row["description"].as<std::string>(),
                      .filter = row["filter"].as<std::string>(),
                      .max_items = row["max_items"].as<int32_t>(),
                      .last_revision = row["last_revision"].as<int64_t>(),
                      .create_time = row["create_time"].as<absl::Time>(),
                      .update_time = row["update_time"].as<absl::Time>()};
  if (!row["revision"].is_null()) {
    list.revision = row["revision"].as<int64_t>();
    list.slots = SlotsFromJson(row["slots"].as<std::string>());
    list.slots_editor = row["editor"].as<std::string>();
    list.slots_time = row["effective_time"].as<absl::Time>();
  }
  list.next_effective_time = row["next_effective_time"].as<std::optional<absl::Time>>();
  return list;
}

ListRevision ReadRevision(const pqxx::row& row) {
  return {.list_id = row["list_id"].as<std::string>(),
          .number = row["revision"].as<int64_t>(),
          .scheduled = row["scheduled"].as<bool>(),
          .effective_time = row["effective_time"].as<absl::Time>(),
          .slots = SlotsFromJson(row["slots"].as<std::string>()),
          .editor = row["editor"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>()};
}

std::vector<CuratedList> ReadAll(const pqxx::result& rows) {
  std::vector<CuratedList> lists;
  for (const pqxx::row& row : rows) lists.push_back(ReadList(row));
  return lists;
}

void CountWrite(db::Transaction& tx, CuratedList& list) {
  list.update_time = tx.Query(kCountWrite, list.id, list.last_revision).at(0)[0].as<absl::Time>();
  list.next_effective_time = tx.Query(kNextEffectiveTime, list.id).at(0)[0].as<std::optional<absl::Time>>();
  ++list.version;
}

}  // namespace

bool InsertCuratedList(db::Transaction& tx, CuratedList& list) {
  const pqxx::result inserted =
      tx.Query(kInsert, list.id, Name(list.kind), list.display_name, list.description, list.filter, list.max_items);
  if (inserted.empty()) return false;
  list.create_time = inserted[0][0].as<absl::Time>();
  list.update_time = inserted[0][1].as<absl::Time>();
  return true;
}

std::optional<CuratedList> LoadCuratedList(db::Transaction& tx, const std::string& id) {
  const pqxx::result rows = tx.Query(kLoad, id);
  return rows.empty() ? std::nullopt : std::optional(ReadList(rows[0]));
}

std::optional<CuratedList> LockCuratedList(db::Transaction& tx, const std::string& id) {
  if (tx.Query(kLock, id).empty()) return std::nullopt;
  return LoadCuratedList(tx, id);
}

std::vector<CuratedList> LoadCuratedLists(db::Transaction& tx, const std::string& after, int limit) {
  return ReadAll(tx.Query(kLoadPage, after, limit));
}

std::vector<CuratedList> LoadCuratedLists(db::Transaction& tx, const std::vector<std::string>& ids,
                                          std::optional<absl::Time> as_of) {
  std::vector<CuratedList> lists = ReadAll(tx.Query(kLoadSeveral, db::TextArray(ids)));
  if (!as_of.has_value()) return lists;
  const pqxx::result rows = tx.Query(kLoadAsOf, db::TextArray(ids), *as_of);
  for (const pqxx::row& row : rows) {
    for (CuratedList& list : lists) {
      if (list.id != row[0].as<std::string>()) continue;
      list.revision = row[1].as<int64_t>();
      list.slots = SlotsFromJson(row[2].as<std::string>());
    }
  }
  return lists;
}

void SaveCuratedList(db::Transaction& tx, CuratedList& list) {
  const pqxx::result saved = tx.Query(kSave, list.id, list.display_name, list.description, list.filter, list.max_items);
  list.update_time = saved.at(0)[0].as<absl::Time>();
  ++list.version;
}

void RemoveCuratedList(db::Transaction& tx, const std::string& id) { tx.Query(kRemove, id); }

ListRevision InsertListRevision(db::Transaction& tx, CuratedList& list, const std::vector<Slot>& slots,
                                const std::string& editor, std::optional<absl::Time> effective_time) {
  ListRevision revision = {.list_id = list.id,
                           .number = ++list.last_revision,
                           .scheduled = effective_time.has_value(),
                           .slots = slots,
                           .editor = editor};
  const pqxx::result inserted =
      tx.Query(kInsertRevision, list.id, revision.number, effective_time, SlotsToJson(slots), editor);
  revision.effective_time = inserted.at(0)[0].as<absl::Time>();
  revision.create_time = inserted.at(0)[1].as<absl::Time>();
  CountWrite(tx, list);
  if (revision.scheduled) return revision;
  list.revision = revision.number;
  list.slots = slots;
  list.slots_editor = editor;
  list.slots_time = revision.effective_time;
  return revision;
}

std::optional<ListRevision> LoadListRevision(db::Transaction& tx, const std::string& list_id, int64_t number) {
  const pqxx::result rows = tx.Query(kLoadRevision, list_id, number);
  return rows.empty() ? std::nullopt : std::optional(ReadRevision(rows[0]));
}

void RemoveListRevision(db::Transaction& tx, CuratedList& list, int64_t number) {
  tx.Query(kRemoveRevision, list.id, number);
  CountWrite(tx, list);
}

int CountScheduledRevisions(db::Transaction& tx, const std::string& list_id) {
  return tx.Query(kCountScheduled, list_id).at(0)[0].as<int>();
}

std::vector<ListRevision> LoadListRevisions(db::Transaction& tx, const std::string& list_id,
                                            const std::optional<RevisionPosition>& after, int limit) {
  const RevisionPosition start = after.value_or(RevisionPosition{.effective_time = absl::InfiniteFuture()});
  std::vector<ListRevision> revisions;
  const pqxx::result rows = tx.Query(kLoadRevisions, list_id, start.effective_time, start.number, limit);
  for (const pqxx::row& row : rows) revisions.push_back(ReadRevision(row));
  return revisions;
}

void ForgetListRevisions(db::Transaction& tx, const std::string& list_id, int kept) {
  tx.Query(kForget, list_id, kept);
}

std::vector<std::string> FindMissingArticles(db::Transaction& tx, const std::vector<std::string>& ids) {
  std::vector<std::string> missing;
  const pqxx::result rows = tx.Query(kFindMissing, db::TextArray(ids));
  for (const pqxx::row& row : rows) missing.push_back(row[0].as<std::string>());
  return missing;
}

}  // namespace masthead::articles

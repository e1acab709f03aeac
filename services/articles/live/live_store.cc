#include "services/articles/live/live_store.h"

#include "nlohmann/json.hpp"
#include "services/articles/article/content_json.h"

namespace masthead::articles {
namespace {

constexpr char kInsertCoverage[] = R"sql(
  INSERT INTO live_coverages (id, headline, dek, language_code)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (id) DO NOTHING
  RETURNING create_time, update_time)sql";

constexpr char kLoadCoverage[] = R"sql(
  SELECT *
  FROM live_coverages
  WHERE id = $1)sql";

constexpr char kLockCoverage[] = R"sql(
  SELECT *
  FROM live_coverages
  WHERE id = $1
  FOR UPDATE)sql";

constexpr char kSaveCoverage[] = R"sql(
  UPDATE live_coverages
  SET version = version + 1,
      headline = $2,
      dek = $3,
      close_time = $4,
      update_time = db_now()
  WHERE id = $1
  RETURNING version, update_time)sql";

constexpr char kLoadCoverages[] = R"sql(
  SELECT *
  FROM live_coverages
  WHERE $1::timestamptz IS NULL OR (create_time, id) < ($1::timestamptz, $2::text)
  ORDER BY create_time DESC, id DESC
  LIMIT $3)sql";

constexpr char kNextSeq[] = R"sql(
  UPDATE live_coverages
  SET last_seq = last_seq + 1
  WHERE id = $1
  RETURNING last_seq)sql";

constexpr char kInsertUpdate[] = R"sql(
  INSERT INTO live_updates (coverage_id, id, seq, headline, body, contributor_ids, pinned)
  VALUES ($1, $2, $3, $4, $5::jsonb, to_jsonb($6::text[]), $7)
  RETURNING create_time, update_time)sql";

constexpr char kLoadUpdate[] = R"sql(
  SELECT *
  FROM live_updates
  WHERE coverage_id = $1 AND id = $2)sql";

constexpr char kSaveUpdate[] = R"sql(
  UPDATE live_updates
  SET seq = $3,
      revision = $4,
      headline = $5,
      body = $6::jsonb,
      contributor_ids = to_jsonb($7::text[]),
      pinned = $8,
      deleted = $9,
      breakout_article_id = $10,
      update_time = db_now()
  WHERE coverage_id = $1 AND id = $2
  RETURNING update_time)sql";

constexpr char kLoadChanged[] = R"sql(
  SELECT *
  FROM live_updates
  WHERE coverage_id = $1 AND seq > $2
  ORDER BY seq
  LIMIT $3)sql";

constexpr char kLoadShown[] = R"sql(
  SELECT *
  FROM live_updates
  WHERE coverage_id = $1 AND NOT deleted
    AND ($2::boolean IS NULL OR (pinned, create_time, id) < ($2::boolean, $3::timestamptz, $4::text))
  ORDER BY pinned DESC, create_time DESC, id DESC
  LIMIT $5)sql";

LiveCoverage ReadCoverage(const pqxx::row& row) {
  LiveCoverage coverage = {.id = row["id"].as<std::string>(),
                           .version = row["version"].as<int64_t>(),
                           .headline = row["headline"].as<std::string>(),
                           .dek = row["dek"].as<std::string>(),
                           .language_code = row["language_code"].as<std::string>(),
                           .last_seq = row["last_seq"].as<int64_t>(),
                           .create_time = row["create_time"].as<absl::Time>(),
                           .update_time = row["update_time"].as<absl::Time>(),
                           .close_time = std::nullopt};
  if (!row["close_time"].is_null()) coverage.close_time = row["close_time"].as<absl::Time>();
  return coverage;
}

std::optional<LiveCoverage> ReadOneCoverage(const pqxx::result& rows) {
  return rows.empty() ? std::nullopt : std::optional(ReadCoverage(rows[0]));
}

LiveUpdate ReadUpdate(const pqxx::row& row) {
  return {.coverage_id = row["coverage_id"].as<std::string>(),
          .id = row["id"].as<std::string>(),
          .seq = row["seq"].as<int64_t>(),
          .revision = row["revision"].as<int64_t>(),
          .headline = row["headline"].as<std::string>(),
          .body = BodyFromJson(row["body"].as<std::string>()),
          .contributor_ids = nlohmann::json::parse(row["contributor_ids"].as<std::string>()),
          .pinned = row["pinned"].as<bool>(),
          .deleted = row["deleted"].as<bool>(),
          .breakout_article_id = row["breakout_article_id"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::vector<LiveUpdate> ReadUpdates(const pqxx::result& rows) {
  std::vector<LiveUpdate> updates;
  for (const pqxx::row& row : rows) updates.push_back(ReadUpdate(row));
  return updates;
}

}  // namespace

bool InsertLiveCoverage(db::Transaction& tx, LiveCoverage& coverage) {
  const pqxx::result inserted =
      tx.Query(kInsertCoverage, coverage.id, coverage.headline, coverage.dek, coverage.language_code);
  if (inserted.empty()) return false;
  coverage.create_time = inserted[0][0].as<absl::Time>();
  coverage.update_time = inserted[0][1].as<absl::Time>();
  return true;
}

std::optional<LiveCoverage> LoadLiveCoverage(db::Transaction& tx, const std::string& id) {
  return ReadOneCoverage(tx.Query(kLoadCoverage, id));
}

std::optional<LiveCoverage> LockLiveCoverage(db::Transaction& tx, const std::string& id) {
  return ReadOneCoverage(tx.Query(kLockCoverage, id));
}

void SaveLiveCoverage(db::Transaction& tx, LiveCoverage& coverage) {
  const pqxx::result saved = tx.Query(kSaveCoverage, coverage.id, coverage.headline, coverage.dek, coverage.close_time);
  coverage.version = saved.at(0)[0].as<int64_t>();
  coverage.update_time = saved.at(0)[1].as<absl::Time>();
}

std::vector<LiveCoverage> LoadLiveCoverages(db::Transaction& tx, const std::optional<LiveCoveragePosition>& after,
                                            int limit) {
  std::vector<LiveCoverage> coverages;
  const std::optional<absl::Time> time = after ? std::optional(after->create_time) : std::nullopt;
  const std::string id = after ? after->id : "";
  for (const pqxx::row& row : tx.Query(kLoadCoverages, time, id, limit)) coverages.push_back(ReadCoverage(row));
  return coverages;
}

int64_t NextSeq(db::Transaction& tx, const std::string& coverage_id) {
  return tx.Query(kNextSeq, coverage_id).at(0)[0].as<int64_t>();
}

void InsertLiveUpdate(db::Transaction& tx, LiveUpdate& update) {
  const pqxx::result inserted = tx.Query(kInsertUpdate, update.coverage_id, update.id, update.seq, update.headline,
                                         BodyToJson(update.body), db::TextArray(update.contributor_ids), update.pinned);
  update.create_time = inserted.at(0)[0].as<absl::Time>();
  update.update_time = inserted.at(0)[1].as<absl::Time>();
}

std::optional<LiveUpdate> LoadLiveUpdate(db::Transaction& tx, const std::string& coverage_id, const std::string& id) {
  const pqxx::result rows = tx.Query(kLoadUpdate, coverage_id, id);
  return rows.empty() ? std::nullopt : std::optional(ReadUpdate(rows[0]));
}

void SaveLiveUpdate(db::Transaction& tx, LiveUpdate& update) {
  const pqxx::result saved = tx.Query(kSaveUpdate, update.coverage_id, update.id, update.seq, update.revision,
                                      update.headline, BodyToJson(update.body), db::TextArray(update.contributor_ids),
                                      update.pinned, update.deleted, update.breakout_article_id);
  update.update_time = saved.at(0)[0].as<absl::Time>();
}

std::vector<LiveUpdate> LoadChangedUpdates(db::Transaction& tx, const std::string& coverage_id, int64_t after_seq,
                                           int limit) {
  return ReadUpdates(tx.Query(kLoadChanged, coverage_id, after_seq, limit));
}

std::vector<LiveUpdate> LoadShownUpdates(db::Transaction& tx, const std::string& coverage_id,
                                         const std::optional<LiveUpdatePosition>& after, int limit) {
  const std::optional<bool> pinned = after ? std::optional(after->pinned) : std::nullopt;
  const std::optional<absl::Time> time = after ? std::optional(after->create_time) : std::nullopt;
  const std::string id = after ? after->id : "";
  return ReadUpdates(tx.Query(kLoadShown, coverage_id, pinned, time, id, limit));
}

}  // namespace masthead::articles

#include "services/articles/corrections/correction_store.h"

#include <utility>

#include "services/articles/article/block_json.h"

namespace masthead::articles {
namespace {

constexpr char kInsertCorrection[] = R"sql(
  INSERT INTO corrections (article_id, id, version, kind, placement, text, article_revision, create_time, update_time)
  VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $8))sql";

constexpr char kInsertVersion[] = R"sql(
  INSERT INTO correction_versions (article_id, correction_id, version, kind, placement, text, editor, create_time)
  VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8))sql";

constexpr char kSaveCorrection[] = R"sql(
  UPDATE corrections
  SET version = $3,
      kind = $4,
      placement = $5,
      text = $6::jsonb,
      update_time = $7,
      withdraw_time = $8,
      withdrawal_reason = $9
  WHERE article_id = $1 AND id = $2)sql";

constexpr char kLoadCorrection[] = R"sql(
  SELECT c.*
  FROM corrections c
  WHERE c.article_id = $1
    AND c.id = $2
    AND ($3 OR EXISTS (SELECT 1 FROM published_articles p WHERE p.article_id = c.article_id)))sql";

constexpr char kLoadFormerVersions[] = R"sql(
  SELECT kind, placement, text, create_time
  FROM correction_versions
  WHERE article_id = $1 AND correction_id = $2 AND version < $3
  ORDER BY version)sql";

constexpr char kLoadCorrections[] = R"sql(
  SELECT c.*
  FROM corrections c
  WHERE ($1 OR EXISTS (SELECT 1 FROM published_articles p WHERE p.article_id = c.article_id))
    AND ($2::timestamptz IS NULL OR (c.create_time, c.id) < ($2::timestamptz, $3::text))
  ORDER BY c.create_time DESC, c.id DESC
  LIMIT $4)sql";

constexpr char kLoadCorrectionsOfArticle[] = R"sql(
  SELECT c.*
  FROM corrections c
  WHERE c.article_id = $5
    AND ($1 OR EXISTS (SELECT 1 FROM published_articles p WHERE p.article_id = c.article_id))
    AND ($2::timestamptz IS NULL OR (c.create_time, c.id) < ($2::timestamptz, $3::text))
  ORDER BY c.create_time DESC, c.id DESC
  LIMIT $4)sql";

constexpr char kLoadPublic[] = R"sql(
  SELECT c.*
  FROM corrections c
  WHERE c.article_id = ANY ($1::text[]) AND c.withdraw_time IS NULL
  ORDER BY c.create_time, c.id)sql";

template <typename Enum>
Enum ReadWord(const pqxx::field& field) {
  return ReadSpelling<Enum>(field.as<std::string>()).value();
}

CorrectionText ReadText(const pqxx::row& row) {
  CorrectionText said = {.kind = ReadWord<CorrectionText::Kind>(row["kind"]),
                         .placement = ReadWord<CorrectionText::Placement>(row["placement"])};
  ReadDocument(Json::parse(row["text"].as<std::string>()), said.text);
  return said;
}

Correction ReadCorrection(const pqxx::row& row) {
  Correction correction = {.article_id = row["article_id"].as<std::string>(),
                           .id = row["id"].as<std::string>(),
                           .version = row["version"].as<int64_t>(),
                           .said = ReadText(row),
                           .article_revision = row["article_revision"].as<int64_t>(),
                           .create_time = row["create_time"].as<absl::Time>(),
                           .update_time = row["update_time"].as<absl::Time>(),
                           .withdrawal_reason = row["withdrawal_reason"].as<std::string>()};
  if (!row["withdraw_time"].is_null()) correction.withdraw_time = row["withdraw_time"].as<absl::Time>();
  return correction;
}

std::vector<Correction> ReadCorrections(const pqxx::result& rows) {
  std::vector<Correction> corrections;
  for (const pqxx::row& row : rows) corrections.push_back(ReadCorrection(row));
  return corrections;
}

void InsertVersion(db::Transaction& tx, const Correction& correction, const std::string& editor) {
  const CorrectionText& said = correction.said;
  tx.Query(kInsertVersion, correction.article_id, correction.id, correction.version, Spell(said.kind),
           Spell(said.placement), WriteDocument(said.text).dump(), editor, correction.update_time);
}

}  // namespace

void InsertCorrection(db::Transaction& tx, const Correction& correction, const std::string& editor) {
  const CorrectionText& said = correction.said;
  tx.Query(kInsertCorrection, correction.article_id, correction.id, correction.version, Spell(said.kind),
           Spell(said.placement), WriteDocument(said.text).dump(), correction.article_revision, correction.create_time);
  InsertVersion(tx, correction, editor);
}

void SaveCorrection(db::Transaction& tx, const Correction& correction, const std::string& editor) {
  const CorrectionText& said = correction.said;
  tx.Query(kSaveCorrection, correction.article_id, correction.id, correction.version, Spell(said.kind),
           Spell(said.placement), WriteDocument(said.text).dump(), correction.update_time, correction.withdraw_time,
           correction.withdrawal_reason);
  InsertVersion(tx, correction, editor);
}

std::optional<Correction> LoadCorrection(db::Transaction& tx, const std::string& article_id, const std::string& id,
                                         Shown shown) {
  const pqxx::result rows = tx.Query(kLoadCorrection, article_id, id, shown == Shown::kAll);
  if (rows.empty()) return std::nullopt;
  return ReadCorrection(rows[0]);
}

std::vector<CorrectionVersion> LoadFormerVersions(db::Transaction& tx, const Correction& correction) {
  std::vector<CorrectionVersion> versions;
  const pqxx::result rows = tx.Query(kLoadFormerVersions, correction.article_id, correction.id, correction.version);
  for (const pqxx::row& row : rows) versions.push_back({ReadText(row), row["create_time"].as<absl::Time>()});
  return versions;
}

std::vector<Correction> LoadCorrections(db::Transaction& tx, const std::string& article_id, Shown shown,
                                        const std::optional<CorrectionPosition>& after, int limit) {
  const std::optional<absl::Time> time = after ? std::optional(after->create_time) : std::nullopt;
  const std::string id = after ? after->id : "";
  const bool all = shown == Shown::kAll;
  return ReadCorrections(article_id.empty() ? tx.Query(kLoadCorrections, all, time, id, limit)
                                            : tx.Query(kLoadCorrectionsOfArticle, all, time, id, limit, article_id));
}

std::map<std::string, std::vector<Correction>> LoadPublicCorrections(db::Transaction& tx,
                                                                     const std::vector<std::string>& article_ids) {
  std::map<std::string, std::vector<Correction>> by_article;
  for (Correction& correction : ReadCorrections(tx.Query(kLoadPublic, db::TextArray(article_ids)))) {
    by_article[correction.article_id].push_back(std::move(correction));
  }
  return by_article;
}

}  // namespace masthead::articles

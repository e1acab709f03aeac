#include "services/articles/links/link_store.h"

#include "common/crypto/mac.h"

namespace masthead::articles {
namespace {

constexpr char kLockCount[] = R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended($1, 0)))sql";

constexpr char kInsertPreview[] = R"sql(
  INSERT INTO preview_links (id, article_id, digest, revision, creator, create_time, expire_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7))sql";

constexpr char kLoadPreviews[] = R"sql(
  SELECT id, article_id, digest, creator, create_time, expire_time, revoke_time, revision
  FROM preview_links
  WHERE article_id = $1
    AND ($2::timestamptz IS NULL OR (create_time, id) < ($2::timestamptz, $3::text))
  ORDER BY create_time DESC, id DESC
  LIMIT $4)sql";

constexpr char kLockPreview[] = R"sql(
  SELECT id, article_id, digest, creator, create_time, expire_time, revoke_time, revision
  FROM preview_links
  WHERE article_id = $1 AND id = $2
  FOR UPDATE)sql";

constexpr char kFindPreview[] = R"sql(
  SELECT id, article_id, digest, creator, create_time, expire_time, revoke_time, revision
  FROM preview_links
  WHERE digest = $1)sql";

constexpr char kCountPreviews[] = R"sql(
  SELECT count(*)
  FROM preview_links
  WHERE article_id = $1 AND revoke_time IS NULL AND expire_time > db_now())sql";

constexpr char kRevokePreview[] = R"sql(
  UPDATE preview_links
  SET revoke_time = $2
  WHERE id = $1)sql";

constexpr char kInsertGift[] = R"sql(
  INSERT INTO gift_links (id, article_id, digest, giver, create_time, expire_time, max_redemptions)
  VALUES ($1, $2, $3, $4, $5, $6, $7))sql";

constexpr char kLoadGifts[] = R"sql(
  SELECT id, article_id, digest, giver AS creator, create_time, expire_time, revoke_time, max_redemptions, redemption_count
  FROM gift_links
  WHERE article_id = $1
    AND ($2 = '' OR giver = $2)
    AND ($3::timestamptz IS NULL OR (create_time, id) < ($3::timestamptz, $4::text))
  ORDER BY create_time DESC, id DESC
  LIMIT $5)sql";

constexpr char kLockGift[] = R"sql(
  SELECT id, article_id, digest, giver AS creator, create_time, expire_time, revoke_time, max_redemptions, redemption_count
  FROM gift_links
  WHERE article_id = $1 AND id = $2
  FOR UPDATE)sql";

constexpr char kFindGift[] = R"sql(
  SELECT id, article_id, digest, giver AS creator, create_time, expire_time, revoke_time, max_redemptions, redemption_count
  FROM gift_links
  WHERE digest = $1)sql";

constexpr char kLoadGiftTimes[] = R"sql(
  SELECT create_time
  FROM gift_links
  WHERE giver = $1 AND create_time > $2
  ORDER BY create_time)sql";

constexpr char kRevokeGift[] = R"sql(
  UPDATE gift_links
  SET revoke_time = $2
  WHERE id = $1)sql";

constexpr char kHasRedeemed[] = R"sql(
  SELECT 1
  FROM gift_redemptions
  WHERE gift_link_id = $1 AND reader = $2)sql";

// Holds the row, so that of two readers the second sees what the first took.
constexpr char kTakePlace[] = R"sql(
  UPDATE gift_links
  SET redemption_count = redemption_count + 1
  WHERE id = $1 AND redemption_count < max_redemptions AND revoke_time IS NULL AND expire_time > db_now())sql";

constexpr char kInsertRedemption[] = R"sql(
  INSERT INTO gift_redemptions (gift_link_id, reader, create_time)
  VALUES ($1, $2, db_now())
  ON CONFLICT DO NOTHING)sql";

constexpr char kGiveBackPlace[] = R"sql(
  UPDATE gift_links
  SET redemption_count = redemption_count - 1
  WHERE id = $1)sql";

constexpr char kRemoveOldPreviews[] = R"sql(
  DELETE FROM preview_links
  WHERE id IN (SELECT id FROM preview_links WHERE expire_time < db_now() - interval '30 days' LIMIT 1000))sql";

constexpr char kRemoveOldGifts[] = R"sql(
  DELETE FROM gift_links
  WHERE id IN (SELECT id FROM gift_links WHERE expire_time < db_now() - interval '30 days' LIMIT 1000))sql";

void ReadLink(const pqxx::row& row, Link& link) {
  link.id = row["id"].as<std::string>();
  link.article_id = row["article_id"].as<std::string>();
  link.digest = db::ReadBytes(row["digest"]);
  link.creator = row["creator"].as<std::string>();
  link.create_time = row["create_time"].as<absl::Time>();
  link.expire_time = row["expire_time"].as<absl::Time>();
  if (!row["revoke_time"].is_null()) link.revoke_time = row["revoke_time"].as<absl::Time>();
}

PreviewLink ReadPreviewLink(const pqxx::row& row) {
  PreviewLink link;
  ReadLink(row, link);
  link.revision = row["revision"].as<int64_t>();
  return link;
}

GiftLink ReadGiftLink(const pqxx::row& row) {
  GiftLink link;
  ReadLink(row, link);
  link.max_redemptions = row["max_redemptions"].as<int32_t>();
  link.redemption_count = row["redemption_count"].as<int32_t>();
  return link;
}

std::optional<absl::Time> TimeOf(const std::optional<LinkPosition>& position) {
  return position.has_value() ? std::optional(position->create_time) : std::nullopt;
}

std::string IdOf(const std::optional<LinkPosition>& position) { return position.has_value() ? position->id : ""; }

}  // namespace

void LockCount(db::Transaction& tx, const std::string& name) { tx.Query(kLockCount, name); }

void InsertPreviewLink(db::Transaction& tx, const PreviewLink& link) {
  tx.Query(kInsertPreview, link.id, link.article_id, db::Bytes{link.digest}, link.revision, link.creator,
           link.create_time, link.expire_time);
}

std::vector<PreviewLink> LoadPreviewLinks(db::Transaction& tx, const std::string& article_id,
                                          const std::optional<LinkPosition>& after, int limit) {
  std::vector<PreviewLink> links;
  const pqxx::result rows = tx.Query(kLoadPreviews, article_id, TimeOf(after), IdOf(after), limit);
  for (const pqxx::row& row : rows) links.push_back(ReadPreviewLink(row));
  return links;
}

std::optional<PreviewLink> LockPreviewLink(db::Transaction& tx, const std::string& article_id, const std::string& id) {
  const pqxx::result rows = tx.Query(kLockPreview, article_id, id);
  return rows.empty() ? std::nullopt : std::optional(ReadPreviewLink(rows[0]));
}

std::optional<PreviewLink> FindPreviewLink(db::Transaction& tx, const std::string& digest) {
  const pqxx::result rows = tx.Query(kFindPreview, db::Bytes{digest});
  if (rows.empty()) return std::nullopt;
  PreviewLink link = ReadPreviewLink(rows[0]);
  return crypto::ConstantTimeEquals(link.digest, digest) ? std::optional(std::move(link)) : std::nullopt;
}

int64_t CountActivePreviewLinks(db::Transaction& tx, const std::string& article_id) {
  return tx.Query(kCountPreviews, article_id)[0][0].as<int64_t>();
}

void RevokePreviewLink(db::Transaction& tx, const PreviewLink& link) {
  tx.Query(kRevokePreview, link.id, link.revoke_time);
}

void InsertGiftLink(db::Transaction& tx, const GiftLink& link) {
  tx.Query(kInsertGift, link.id, link.article_id, db::Bytes{link.digest}, link.creator, link.create_time,
           link.expire_time, link.max_redemptions);
}

std::vector<GiftLink> LoadGiftLinks(db::Transaction& tx, const std::string& article_id, const std::string& giver,
                                    const std::optional<LinkPosition>& after, int limit) {
  std::vector<GiftLink> links;
  const pqxx::result rows = tx.Query(kLoadGifts, article_id, giver, TimeOf(after), IdOf(after), limit);
  for (const pqxx::row& row : rows) links.push_back(ReadGiftLink(row));
  return links;
}

std::optional<GiftLink> LockGiftLink(db::Transaction& tx, const std::string& article_id, const std::string& id) {
  const pqxx::result rows = tx.Query(kLockGift, article_id, id);
  return rows.empty() ? std::nullopt : std::optional(ReadGiftLink(rows[0]));
}

std::optional<GiftLink> FindGiftLink(db::Transaction& tx, const std::string& digest) {
  const pqxx::result rows = tx.Query(kFindGift, db::Bytes{digest});
  if (rows.empty()) return std::nullopt;
  GiftLink link = ReadGiftLink(rows[0]);
  return crypto::ConstantTimeEquals(link.digest, digest) ? std::optional(std::move(link)) : std::nullopt;
}

std::vector<absl::Time> LoadGiftTimes(db::Transaction& tx, const std::string& giver, absl::Time since) {
  std::vector<absl::Time> times;
  const pqxx::result rows = tx.Query(kLoadGiftTimes, giver, since);
  for (const pqxx::row& row : rows) times.push_back(row[0].as<absl::Time>());
  return times;
}

void RevokeGiftLink(db::Transaction& tx, const GiftLink& link) { tx.Query(kRevokeGift, link.id, link.revoke_time); }

bool HasRedeemed(db::Transaction& tx, const GiftLink& link, const std::string& reader) {
  return !tx.Query(kHasRedeemed, link.id, db::Bytes{reader}).empty();
}

bool Redeem(db::Transaction& tx, const GiftLink& link, const std::string& reader) {
  if (tx.Query(kTakePlace, link.id).affected_rows() == 0) return HasRedeemed(tx, link, reader);
  const bool came_before = tx.Query(kInsertRedemption, link.id, db::Bytes{reader}).affected_rows() == 0;
  if (came_before) tx.Query(kGiveBackPlace, link.id);
  return true;
}

int64_t RemoveOldLinks(db::Transaction& tx) {
  const pqxx::result previews = tx.Query(kRemoveOldPreviews);
  const pqxx::result gifts = tx.Query(kRemoveOldGifts);
  return static_cast<int64_t>(previews.affected_rows() + gifts.affected_rows());
}

}  // namespace masthead::articles

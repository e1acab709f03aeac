#include "services/memberships/plans/offer_store.h"

#include <string>

namespace masthead::memberships {
namespace {

constexpr char kInsertOffer[] = R"sql(
  INSERT INTO offers (id, display_name, kind, basis_points, amount, currency, free_days, duration, invoices, occasion,
                      tier_ids, start_time, end_time, max_redemptions, state, revision, create_time, update_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kFindOffer[] = R"sql(
  SELECT * FROM offers WHERE id = $1
)sql";

constexpr char kLockOffer[] = R"sql(
  SELECT * FROM offers WHERE id = $1 FOR UPDATE
)sql";

constexpr char kSaveOffer[] = R"sql(
  UPDATE offers
  SET display_name = $2, start_time = $3, end_time = $4, max_redemptions = $5, state = $6, revision = $7,
      update_time = $8
  WHERE id = $1
)sql";

constexpr char kLoadOffers[] = R"sql(
  SELECT * FROM offers
  WHERE id > $1 AND ($2::boolean OR state = 'ACTIVE')
  ORDER BY id
  LIMIT $3
)sql";

constexpr char kLoadOfferUse[] = R"sql(
  SELECT
    EXISTS (
      SELECT FROM offer_redemptions WHERE offer_id = $1 AND member_id = $2 AND state = 'REDEEMED'
    ) AS redeemed_by_member,
    (
      SELECT count(*) FROM offer_redemptions
      WHERE offer_id = $1 AND member_id <> $2 AND state = 'RESERVED' AND expire_time > $3
    ) AS held_by_others
)sql";

constexpr char kHoldOffer[] = R"sql(
  INSERT INTO offer_redemptions (offer_id, member_id, state, expire_time)
  VALUES ($1, $2, 'RESERVED', $3)
  ON CONFLICT (offer_id, member_id) DO UPDATE SET expire_time = EXCLUDED.expire_time
)sql";

constexpr char kMarkRedeemed[] = R"sql(
  INSERT INTO offer_redemptions (offer_id, member_id, state, expire_time)
  VALUES ($1, $2, 'REDEEMED', NULL)
  ON CONFLICT (offer_id, member_id) DO UPDATE SET state = 'REDEEMED', expire_time = NULL
  WHERE offer_redemptions.state = 'RESERVED'
)sql";

constexpr char kCountRedemption[] = R"sql(
  UPDATE offers SET redemptions = redemptions + 1 WHERE id = $1
)sql";

constexpr char kRemoveHold[] = R"sql(
  DELETE FROM offer_redemptions WHERE offer_id = $1 AND member_id = $2 AND state = 'RESERVED'
)sql";

Offer FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .display_name = row["display_name"].as<std::string>(),
          .kind = ParseOfferKind(row["kind"].c_str()).value(),
          .basis_points = row["basis_points"].as<std::optional<int32_t>>().value_or(0),
          .off = {row["currency"].as<std::optional<std::string>>().value_or(""),
                  row["amount"].as<std::optional<int64_t>>().value_or(0)},
          .free_days = row["free_days"].as<std::optional<int32_t>>().value_or(0),
          .duration = ParseOfferDuration(row["duration"].c_str()).value(),
          .invoices = row["invoices"].as<std::optional<int32_t>>().value_or(0),
          .occasion = ParseOfferOccasion(row["occasion"].c_str()).value(),
          .tier_ids = db::ReadTextArray(row["tier_ids"]),
          .start_time = row["start_time"].as<std::optional<absl::Time>>(),
          .end_time = row["end_time"].as<std::optional<absl::Time>>(),
          .max_redemptions = row["max_redemptions"].as<std::optional<int32_t>>(),
          .redemptions = row["redemptions"].as<int32_t>(),
          .state = ParseOfferState(row["state"].c_str()).value(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::optional<Offer> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

template <typename T>
std::optional<T> If(bool condition, const T& value) {
  return condition ? std::optional<T>(value) : std::nullopt;
}

}  // namespace

bool InsertOffer(db::Transaction& tx, const Offer& offer) {
  const bool takes_off = offer.kind == Offer::Kind::kAmount;
  return tx.Query(kInsertOffer, offer.id, offer.display_name, Name(offer.kind),
                  If(offer.kind == Offer::Kind::kPercent, offer.basis_points), If(takes_off, offer.off.amount),
                  If(takes_off, offer.off.currency), If(offer.kind == Offer::Kind::kFreeDays, offer.free_days),
                  Name(offer.duration), If(offer.duration == Offer::Duration::kRepeating, offer.invoices),
                  Name(offer.occasion), db::TextArray(offer.tier_ids), offer.start_time, offer.end_time,
                  offer.max_redemptions, Name(offer.state), offer.revision, offer.create_time, offer.update_time)
             .affected_rows() == 1;
}

std::optional<Offer> FindOffer(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kFindOffer, id)); }

std::optional<Offer> LockOffer(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kLockOffer, id)); }

void SaveOffer(db::Transaction& tx, Offer& offer) {
  ++offer.revision;
  tx.Query(kSaveOffer, offer.id, offer.display_name, offer.start_time, offer.end_time, offer.max_redemptions,
           Name(offer.state), offer.revision, offer.update_time);
}

std::vector<Offer> LoadOffers(db::Transaction& tx, absl::string_view after, bool archived_too, int limit) {
  std::vector<Offer> offers;
  for (const pqxx::row& row : tx.Query(kLoadOffers, after, archived_too, limit)) offers.push_back(FromRow(row));
  return offers;
}

OfferUse LoadOfferUse(db::Transaction& tx, absl::string_view id, absl::string_view member_id, absl::Time now) {
  const pqxx::result rows = tx.Query(kLoadOfferUse, id, member_id, now);
  return {.redeemed_by_member = rows.front()["redeemed_by_member"].as<bool>(),
          .held_by_others = rows.front()["held_by_others"].as<int64_t>()};
}

void HoldOffer(db::Transaction& tx, absl::string_view id, absl::string_view member_id, absl::Time expire_time) {
  tx.Query(kHoldOffer, id, member_id, expire_time);
}

bool MarkRedeemed(db::Transaction& tx, absl::string_view id, absl::string_view member_id) {
  return tx.Query(kMarkRedeemed, id, member_id).affected_rows() == 1;
}

void CountRedemption(db::Transaction& tx, absl::string_view id) { tx.Query(kCountRedemption, id); }

void RemoveHold(db::Transaction& tx, absl::string_view id, absl::string_view member_id) {
  tx.Query(kRemoveHold, id, member_id);
}

}  // namespace masthead::memberships

#include "services/memberships/plans/tier_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertTier[] = R"sql(
  INSERT INTO tiers (id, display_name, description, benefits, state, revision, create_time, update_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadTier[] = R"sql(
  SELECT * FROM tiers WHERE id = $1
)sql";

constexpr char kLockTier[] = R"sql(
  SELECT * FROM tiers WHERE id = $1 FOR UPDATE
)sql";

constexpr char kHoldTier[] = R"sql(
  SELECT * FROM tiers WHERE id = $1 FOR SHARE
)sql";

constexpr char kSaveTier[] = R"sql(
  UPDATE tiers
  SET display_name = $2, description = $3, benefits = $4, state = $5, revision = $6, update_time = $7
  WHERE id = $1
)sql";

constexpr char kLoadTiers[] = R"sql(
  SELECT * FROM tiers
  WHERE id > $1 AND ($2::boolean OR state = 'ACTIVE')
  ORDER BY id
  LIMIT $3
)sql";

Tier FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .display_name = row["display_name"].as<std::string>(),
          .description = row["description"].as<std::string>(),
          .benefits = db::ReadTextArray(row["benefits"]),
          .state = ParseTierState(row["state"].c_str()).value(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::optional<Tier> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

bool InsertTier(db::Transaction& tx, const Tier& tier) {
  return tx.Query(kInsertTier, tier.id, tier.display_name, tier.description, db::TextArray(tier.benefits),
                  Name(tier.state), tier.revision, tier.create_time, tier.update_time)
             .affected_rows() == 1;
}

std::optional<Tier> LoadTier(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kLoadTier, id)); }

std::optional<Tier> LockTier(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kLockTier, id)); }

std::optional<Tier> HoldTier(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kHoldTier, id)); }

void SaveTier(db::Transaction& tx, Tier& tier) {
  ++tier.revision;
  tx.Query(kSaveTier, tier.id, tier.display_name, tier.description, db::TextArray(tier.benefits), Name(tier.state),
           tier.revision, tier.update_time);
}

std::vector<Tier> LoadTiers(db::Transaction& tx, absl::string_view after, bool archived_too, int limit) {
  std::vector<Tier> tiers;
  for (const pqxx::row& row : tx.Query(kLoadTiers, after, archived_too, limit)) tiers.push_back(FromRow(row));
  return tiers;
}

}  // namespace masthead::memberships

#include "services/memberships/plans/price_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertPrice[] = R"sql(
  INSERT INTO prices (id, tier_id, display_name, currency, amount, least_amount, most_amount, interval_unit,
                      interval_count, trial_days, least_seats, most_seats, tax_basis_points, grace_days, state,
                      revision, create_time, update_time)
  VALUES ($1, NULLIF($2, ''), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kFindPrice[] = R"sql(
  SELECT * FROM prices WHERE id = $1
)sql";

constexpr char kLockPrice[] = R"sql(
  SELECT * FROM prices WHERE id = $1 FOR UPDATE
)sql";

constexpr char kSavePriceState[] = R"sql(
  UPDATE prices SET state = $2, revision = $3, update_time = $4 WHERE id = $1
)sql";

constexpr char kLoadPrices[] = R"sql(
  SELECT * FROM prices
  WHERE id > $1 AND ($2::boolean OR state = 'ACTIVE') AND ($3 = '' OR tier_id = $3)
  ORDER BY id
  LIMIT $4
)sql";

absl::string_view Name(BillingInterval::Unit unit) {
  switch (unit) {
    case BillingInterval::Unit::kWeek:
      return "WEEK";
    case BillingInterval::Unit::kMonth:
      return "MONTH";
    case BillingInterval::Unit::kYear:
      return "YEAR";
  }
  return "";
}

std::optional<BillingInterval> ReadInterval(const pqxx::row& row) {
  if (row["interval_unit"].is_null()) return std::nullopt;
  BillingInterval interval = {.unit = BillingInterval::Unit::kMonth, .count = row["interval_count"].as<int32_t>()};
  const absl::string_view unit = row["interval_unit"].c_str();
  if (unit == "WEEK") interval.unit = BillingInterval::Unit::kWeek;
  if (unit == "YEAR") interval.unit = BillingInterval::Unit::kYear;
  return interval;
}

Price FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .tier_id = row["tier_id"].as<std::optional<std::string>>().value_or(""),
          .display_name = row["display_name"].as<std::string>(),
          .money = {row["currency"].as<std::string>(), row["amount"].as<int64_t>()},
          .least_amount = row["least_amount"].as<std::optional<int64_t>>(),
          .most_amount = row["most_amount"].as<std::optional<int64_t>>(),
          .interval = ReadInterval(row),
          .trial_days = row["trial_days"].as<int32_t>(),
          .least_seats = row["least_seats"].as<int32_t>(),
          .most_seats = row["most_seats"].as<int32_t>(),
          .tax_basis_points = row["tax_basis_points"].as<int32_t>(),
          .grace_days = row["grace_days"].as<int32_t>(),
          .state = ParsePriceState(row["state"].c_str()).value(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::optional<Price> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

bool InsertPrice(db::Transaction& tx, const Price& price) {
  std::optional<std::string> unit;
  std::optional<int32_t> count;
  if (price.interval) {
    unit = std::string(Name(price.interval->unit));
    count = price.interval->count;
  }
  return tx.Query(kInsertPrice, price.id, price.tier_id, price.display_name, price.money.currency, price.money.amount,
                  price.least_amount, price.most_amount, unit, count, price.trial_days, price.least_seats,
                  price.most_seats, price.tax_basis_points, price.grace_days, Name(price.state), price.revision,
                  price.create_time, price.update_time)
             .affected_rows() == 1;
}

std::optional<Price> FindPrice(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kFindPrice, id)); }

std::optional<Price> LockPrice(db::Transaction& tx, absl::string_view id) { return FirstRow(tx.Query(kLockPrice, id)); }

void SavePriceState(db::Transaction& tx, Price& price) {
  ++price.revision;
  tx.Query(kSavePriceState, price.id, Name(price.state), price.revision, price.update_time);
}

std::vector<Price> LoadPrices(db::Transaction& tx, absl::string_view after, bool archived_too,
                              absl::string_view tier_id, int limit) {
  std::vector<Price> prices;
  for (const pqxx::row& row : tx.Query(kLoadPrices, after, archived_too, tier_id, limit)) {
    prices.push_back(FromRow(row));
  }
  return prices;
}

}  // namespace masthead::memberships

#include "services/notifications/suppressions/suppression_store.h"

namespace masthead::notifications {
namespace {

constexpr char kSaveSuppression[] = R"sql(
    INSERT INTO suppressions (address_hash, reason, scope, expire_time)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT (address_hash) DO UPDATE
    SET reason = excluded.reason, scope = excluded.scope, expire_time = excluded.expire_time, revision = suppressions.revision + 1
    RETURNING create_time, revision
)sql";

constexpr char kLoadByHash[] = R"sql(
    SELECT address_hash, reason, scope, expire_time, create_time, revision
    FROM suppressions
    WHERE address_hash = ANY ($1::bytea[]) AND (expire_time IS NULL OR expire_time > db_now())
)sql";

constexpr char kLoadSuppressions[] = R"sql(
    SELECT address_hash, reason, scope, expire_time, create_time, revision
    FROM suppressions
    WHERE ($1::timestamptz IS NULL OR (create_time, address_hash) < ($1, $2)) AND ($3 = '' OR reason = $3)
      AND (expire_time IS NULL OR expire_time > db_now())
    ORDER BY create_time DESC, address_hash DESC
    LIMIT $4
)sql";

constexpr char kRemoveSuppression[] = R"sql(
    DELETE FROM suppressions
    WHERE address_hash = $1 AND (expire_time IS NULL OR expire_time > db_now())
    RETURNING revision
)sql";

constexpr char kRemoveErasure[] = R"sql(
    DELETE FROM suppressions WHERE address_hash = $1 AND reason = 'ERASED'
)sql";

constexpr char kRemoveExpired[] = R"sql(
    DELETE FROM suppressions
    WHERE address_hash IN (SELECT address_hash FROM suppressions WHERE expire_time <= db_now() LIMIT $1 FOR UPDATE SKIP LOCKED)
)sql";

std::vector<Suppression> AllRows(const pqxx::result& rows) {
  std::vector<Suppression> suppressions;
  for (const pqxx::row& row : rows) {
    suppressions.push_back({.address_hash = db::ReadBytes(row["address_hash"]),
                            .reason = row["reason"].as<std::string>(),
                            .scope = row["scope"].as<std::string>(),
                            .expire_time = row["expire_time"].as<std::optional<absl::Time>>(),
                            .create_time = row["create_time"].as<absl::Time>(),
                            .revision = row["revision"].as<int64_t>()});
  }
  return suppressions;
}

}  // namespace

void SaveSuppression(db::Transaction& tx, Suppression& suppression) {
  const pqxx::result rows = tx.Query(kSaveSuppression, db::Bytes{suppression.address_hash}, suppression.reason,
                                     suppression.scope, suppression.expire_time);
  suppression.create_time = rows[0]["create_time"].as<absl::Time>();
  suppression.revision = rows[0]["revision"].as<int64_t>();
}

std::vector<Suppression> LoadSuppressions(db::Transaction& tx, const std::vector<std::string>& address_hashes) {
  return AllRows(tx.Query(kLoadByHash, db::BytesArray(address_hashes)));
}

std::vector<Suppression> LoadSuppressions(db::Transaction& tx, std::optional<absl::Time> before_time,
                                          absl::string_view before_hash, absl::string_view reason, int limit) {
  return AllRows(tx.Query(kLoadSuppressions, before_time, db::Bytes{std::string(before_hash)}, reason, limit));
}

std::optional<int64_t> RemoveSuppression(db::Transaction& tx, absl::string_view address_hash) {
  const pqxx::result rows = tx.Query(kRemoveSuppression, db::Bytes{std::string(address_hash)});
  if (rows.empty()) return std::nullopt;
  return rows[0][0].as<int64_t>();
}

void RemoveErasure(db::Transaction& tx, absl::string_view address_hash) {
  tx.Query(kRemoveErasure, db::Bytes{std::string(address_hash)});
}

int64_t RemoveExpiredSuppressions(db::Transaction& tx, int limit) {
  return static_cast<int64_t>(tx.Query(kRemoveExpired, limit).affected_rows());
}

}  // namespace masthead::notifications

#include "services/notifications/suppressions/bounce_store.h"

#include <string>

namespace masthead::notifications {
namespace {

// A suppression that ends gives way to one that does not, and keeps its scope.
constexpr char kSuppress[] = R"sql(
    INSERT INTO suppressions (address_hash, reason)
    SELECT DISTINCT e.address_hash, $3
    FROM deliveries d JOIN endpoints e ON e.number = d.endpoint_number
    WHERE d.message_number = $1 AND d.seq = ANY ($2::bigint[]) AND e.address_time <= coalesce(d.finish_time, db_now())
    ORDER BY e.address_hash
    ON CONFLICT (address_hash) DO UPDATE
    SET reason = excluded.reason, expire_time = NULL, revision = suppressions.revision + 1
    WHERE suppressions.expire_time IS NOT NULL
)sql";

constexpr char kCountSoftBounces[] = R"sql(
    INSERT INTO soft_bounces (address_hash, bounces, first_time)
    SELECT DISTINCT e.address_hash, 1, db_now()
    FROM deliveries d JOIN endpoints e ON e.number = d.endpoint_number
    WHERE d.message_number = $1 AND d.seq = ANY ($2::bigint[]) AND e.address_time <= coalesce(d.finish_time, db_now())
    ORDER BY e.address_hash
    ON CONFLICT (address_hash) DO UPDATE
    SET bounces = CASE WHEN soft_bounces.first_time < db_now() - $3::interval THEN 1 ELSE soft_bounces.bounces + 1 END,
        first_time = CASE WHEN soft_bounces.first_time < db_now() - $3::interval THEN db_now() ELSE soft_bounces.first_time END
    RETURNING address_hash, bounces
)sql";

constexpr char kPause[] = R"sql(
    WITH full_rows AS (
        DELETE FROM soft_bounces WHERE address_hash = ANY ($1::bytea[]) RETURNING address_hash
    )
    INSERT INTO suppressions (address_hash, reason, expire_time)
    SELECT address_hash, 'SOFT_BOUNCES', db_now() + $2::interval
    FROM full_rows
    ORDER BY address_hash
    ON CONFLICT (address_hash) DO UPDATE
    SET reason = excluded.reason, expire_time = excluded.expire_time, revision = suppressions.revision + 1
    WHERE suppressions.expire_time < excluded.expire_time
)sql";

constexpr char kForget[] = R"sql(
    DELETE FROM soft_bounces b
    USING deliveries d, endpoints e
    WHERE d.message_number = $1 AND d.seq = $2 AND e.number = d.endpoint_number AND b.address_hash = e.address_hash
)sql";

constexpr char kRemoveOld[] = R"sql(
    DELETE FROM soft_bounces
    WHERE address_hash IN (SELECT address_hash FROM soft_bounces
                           WHERE first_time < db_now() - $1::interval
                           LIMIT $2
                           FOR UPDATE SKIP LOCKED)
)sql";

}  // namespace

int64_t SuppressAddresses(db::Transaction& tx, int64_t message_number, const std::vector<int64_t>& seqs,
                          absl::string_view reason) {
  return static_cast<int64_t>(
      tx.Query(kSuppress, message_number, db::Int64Array(seqs), std::string(reason)).affected_rows());
}

void CountSoftBounces(db::Transaction& tx, int64_t message_number, const std::vector<int64_t>& seqs) {
  std::vector<std::string> full;
  for (const pqxx::row& row : tx.Query(kCountSoftBounces, message_number, db::Int64Array(seqs), kSoftBounceWindow)) {
    if (row["bounces"].as<int>() >= kSoftBouncesInARow) full.push_back(db::ReadBytes(row["address_hash"]));
  }
  if (!full.empty()) tx.Query(kPause, db::BytesArray(full), kSoftBouncePause);
}

void ForgetSoftBounces(db::Transaction& tx, int64_t message_number, int64_t seq) {
  tx.Query(kForget, message_number, seq);
}

int64_t RemoveOldSoftBounces(db::Transaction& tx, int limit) {
  return static_cast<int64_t>(tx.Query(kRemoveOld, kSoftBounceWindow, limit).affected_rows());
}

}  // namespace masthead::notifications

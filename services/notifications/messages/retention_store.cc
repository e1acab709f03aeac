#include "services/notifications/messages/retention_store.h"

namespace masthead::notifications {
namespace {

constexpr char kTakeOldest[] = R"sql(
    SELECT number, id
    FROM messages
    WHERE finish_time < db_now() - $1::interval AND NOT forgotten
    ORDER BY finish_time
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)sql";

// By the primary key, the first ones: what goes first lies together.
constexpr char kForgetDeliveries[] = R"sql(
    WITH old AS (
        DELETE FROM deliveries
        WHERE message_number = $1
          AND seq IN (SELECT seq FROM deliveries WHERE message_number = $1 ORDER BY seq LIMIT $2)
        RETURNING seq
    ), old_attempts AS (
        DELETE FROM attempts a USING old WHERE a.message_number = $1 AND a.seq = old.seq
    ), old_engagements AS (
        DELETE FROM delivery_engagements e USING old WHERE e.message_number = $1 AND e.seq = old.seq
    )
    SELECT count(*) FROM old
)sql";

constexpr char kForgetExclusions[] = R"sql(
    DELETE FROM exclusions
    WHERE message_number = $1
      AND seq IN (SELECT seq FROM exclusions WHERE message_number = $1 ORDER BY seq LIMIT $2)
)sql";

// Of an alert the digests that held it, and the pace at which it went.
constexpr char kForgetRest[] = R"sql(
    WITH entries AS (
        DELETE FROM digest_entries WHERE message_number = $1
    ), dead_letters AS (
        DELETE FROM dead_letters WHERE message_number = $1
    ), pace AS (
        DELETE FROM route_buckets WHERE route = 'messages/' || $2
    )
    UPDATE messages SET forgotten = true WHERE number = $1
)sql";

}  // namespace

bool ForgetOldDeliveries(db::Transaction& tx, absl::Duration age, int limit) {
  const pqxx::result taken = tx.Query(kTakeOldest, age);
  if (taken.empty()) return false;
  const auto number = taken[0]["number"].as<int64_t>();
  const auto deliveries = tx.Query(kForgetDeliveries, number, limit)[0][0].as<int64_t>();
  const auto exclusions = static_cast<int64_t>(tx.Query(kForgetExclusions, number, limit).affected_rows());
  if (deliveries < limit && exclusions < limit) tx.Query(kForgetRest, number, taken[0]["id"].as<std::string>());
  return true;
}

}  // namespace masthead::notifications

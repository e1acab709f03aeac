#include "services/memberships/privacy/leave_store.h"

namespace masthead::memberships {
namespace {

constexpr char kQueueLeave[] = R"sql(
  INSERT INTO provider_erasures (member_id, next_action_time)
  SELECT id, $2::timestamptz FROM members WHERE id = $1 OR merged_into = $1
  ON CONFLICT DO NOTHING
)sql";

// Not again before it can have been answered, and ever later the more often it was not: after a minute, two, four, at
// most a day.
constexpr char kLeaseLeave[] = R"sql(
  UPDATE provider_erasures
  SET attempts = attempts + 1,
      next_action_time = db_now() + least(interval '1 minute' * 2 ^ least(attempts, 11), interval '1 day')
  WHERE member_id = (
    SELECT member_id FROM provider_erasures
    WHERE next_action_time <= db_now()
    ORDER BY next_action_time
    LIMIT 1
    FOR UPDATE SKIP LOCKED
  )
  RETURNING member_id
)sql";

constexpr char kEndLeave[] = R"sql(
  DELETE FROM provider_erasures WHERE member_id = $1
)sql";

}  // namespace

void QueueLeave(db::Transaction& tx, absl::string_view member_id, absl::Time now) {
  tx.Query(kQueueLeave, member_id, now);
}

std::string LeaseLeave(db::Transaction& tx) {
  const pqxx::result rows = tx.Query(kLeaseLeave);
  return rows.empty() ? "" : rows.front()[0].as<std::string>();
}

void EndLeave(db::Transaction& tx, absl::string_view member_id) { tx.Query(kEndLeave, member_id); }

}  // namespace masthead::memberships

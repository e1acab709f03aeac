#include "services/notifications/sending/waiting_store.h"

namespace masthead::notifications {
namespace {

// By message, the oldest first: where all is well the first chunk that is looked at is the one. A chunk in which
// somebody waits is leased or due soon; of those that wait for their next try no more are looked at than costs little.
// The innermost LIMIT keeps Postgres from reading all deliveries of all times instead.
constexpr char kOldest[] = R"sql(
    SELECT l.lane, coalesce(extract(epoch FROM db_now() - least(preparing.create_time, sending.create_time)), 0)
    FROM unnest(enum_range(NULL::lane)) AS l (lane)
    LEFT JOIN LATERAL (
        SELECT m.create_time
        FROM fanouts f JOIN messages m ON m.number = f.message_number
        WHERE f.lane = l.lane AND m.state = 'PREPARING' AND f.start_time <= db_now()
        ORDER BY f.message_number
        LIMIT 1) preparing ON true
    LEFT JOIN LATERAL (
        SELECT near.create_time
        FROM (SELECT c.message_number, c.first_seq, c.last_seq, m.create_time
              FROM chunks c JOIN messages m ON m.number = c.message_number
              WHERE c.lane = l.lane AND (c.leased OR c.due_time <= db_now() + interval '1 minute') AND m.state IN ('PREPARING', 'SENDING')
              ORDER BY c.message_number
              LIMIT 20) near,
             LATERAL (SELECT 1
                      FROM deliveries d
                      WHERE d.message_number = near.message_number AND d.seq BETWEEN near.first_seq AND near.last_seq AND d.state = 'PENDING'
                      LIMIT 1) waiting
        ORDER BY near.message_number
        LIMIT 1) sending ON true
)sql";

}  // namespace

std::vector<LaneAge> LoadOldestWaiting(db::Transaction& tx) {
  std::vector<LaneAge> lanes;
  for (const pqxx::row& row : tx.Query(kOldest)) {
    lanes.push_back({.lane = row[0].as<std::string>(), .age = absl::Seconds(row[1].as<double>())});
  }
  return lanes;
}

}  // namespace masthead::notifications

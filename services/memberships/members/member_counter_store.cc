#include "services/memberships/members/member_counter_store.h"

#include <functional>
#include <string>

namespace masthead::memberships {
namespace {

constexpr int kShards = 16;

constexpr char kCountMember[] = R"sql(
  UPDATE member_counter_shards SET members = members + $2 WHERE shard = $1
)sql";

constexpr char kLoadMemberCount[] = R"sql(
  SELECT sum(members)::bigint FROM member_counter_shards
)sql";

constexpr char kInsertMilestone[] = R"sql(
  INSERT INTO milestones (members, reach_time) VALUES ($1, $2) ON CONFLICT DO NOTHING
)sql";

}  // namespace

void CountMember(db::Transaction& tx, absl::string_view member_id, int by) {
  const int shard = static_cast<int>(std::hash<std::string>()(std::string(member_id)) % kShards);
  tx.Query(kCountMember, shard, by);
}

int64_t LoadMemberCount(db::Transaction& tx) { return tx.Query(kLoadMemberCount).front()[0].as<int64_t>(); }

bool InsertMilestone(db::Transaction& tx, int64_t members, absl::Time now) {
  return tx.Query(kInsertMilestone, members, now).affected_rows() == 1;
}

}  // namespace masthead::memberships

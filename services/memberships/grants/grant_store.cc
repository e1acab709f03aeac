#include "services/memberships/grants/grant_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertGrant[] = R"sql(
  INSERT INTO grants (member_id, id, tier_id, start_time, end_time, reason, revision, create_time, next_change_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadGrant[] = R"sql(
  SELECT * FROM grants WHERE member_id = $1 AND id = $2
)sql";

constexpr char kSaveGrant[] = R"sql(
  UPDATE grants SET revoke_time = $3, revision = $4, next_change_time = $5 WHERE member_id = $1 AND id = $2
)sql";

constexpr char kLoadGrants[] = R"sql(
  SELECT * FROM grants
  WHERE member_id = $1 AND (create_time, id) < ($2, $3)
  ORDER BY create_time DESC, id DESC
  LIMIT $4
)sql";

constexpr char kLoadOpenGrantsOf[] = R"sql(
  SELECT * FROM grants
  WHERE member_id = ANY ($1::text[]) AND revoke_time IS NULL AND (end_time IS NULL OR end_time > db_now())
)sql";

constexpr char kLoadGrantsOpenSince[] = R"sql(
  SELECT * FROM grants
  WHERE member_id = $1 AND (revoke_time IS NULL OR revoke_time >= $2) AND (end_time IS NULL OR end_time >= $2)
)sql";

// The row lock is taken on members, as everywhere, so that this never waits in a ring with a call.
constexpr char kLockDueMembers[] = R"sql(
  SELECT m.id, m.state = 'ACTIVE' AS active, due.due_time
  FROM (
    SELECT member_id, min(next_change_time) AS due_time
    FROM grants
    WHERE next_change_time <= db_now()
    GROUP BY member_id
    ORDER BY due_time
    LIMIT $1
  ) due
  JOIN members m ON m.id = due.member_id
  ORDER BY m.id
  FOR UPDATE OF m SKIP LOCKED
)sql";

constexpr char kAdvanceDueGrants[] = R"sql(
  UPDATE grants
  SET next_change_time = CASE WHEN end_time > db_now() THEN end_time END
  WHERE member_id = $1 AND next_change_time <= db_now()
)sql";

Grant FromRow(const pqxx::row& row) {
  return {.member_id = row["member_id"].as<std::string>(),
          .id = row["id"].as<std::string>(),
          .tier_id = row["tier_id"].as<std::string>(),
          .start_time = row["start_time"].as<absl::Time>(),
          .end_time = row["end_time"].as<std::optional<absl::Time>>(),
          .reason = row["reason"].as<std::string>(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .revoke_time = row["revoke_time"].as<std::optional<absl::Time>>()};
}

std::vector<Grant> FromRows(const pqxx::result& rows) {
  std::vector<Grant> grants;
  for (const pqxx::row& row : rows) grants.push_back(FromRow(row));
  return grants;
}

}  // namespace

bool InsertGrant(db::Transaction& tx, const Grant& grant, absl::Time now) {
  return tx.Query(kInsertGrant, grant.member_id, grant.id, grant.tier_id, grant.start_time, grant.end_time,
                  grant.reason, grant.revision, grant.create_time, NextChange(grant, now))
             .affected_rows() == 1;
}

std::optional<Grant> LoadGrant(db::Transaction& tx, absl::string_view member_id, absl::string_view id) {
  const pqxx::result rows = tx.Query(kLoadGrant, member_id, id);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

void SaveGrant(db::Transaction& tx, Grant& grant, absl::Time now) {
  ++grant.revision;
  tx.Query(kSaveGrant, grant.member_id, grant.id, grant.revoke_time, grant.revision, NextChange(grant, now));
}

std::vector<Grant> LoadGrants(db::Transaction& tx, absl::string_view member_id,
                              const std::optional<GrantCursor>& before, int limit) {
  const GrantCursor start = before.value_or(GrantCursor{absl::InfiniteFuture(), ""});
  return FromRows(tx.Query(kLoadGrants, member_id, start.create_time, start.id, limit));
}

std::vector<Grant> LoadOpenGrants(db::Transaction& tx, absl::string_view member_id) {
  return FromRows(tx.Query(kLoadOpenGrantsOf, db::TextArray({std::string(member_id)})));
}

std::map<std::string, std::vector<Grant>> LoadOpenGrantsOf(db::Transaction& tx,
                                                           const std::vector<std::string>& member_ids) {
  std::map<std::string, std::vector<Grant>> by_member;
  for (Grant& grant : FromRows(tx.Query(kLoadOpenGrantsOf, db::TextArray(member_ids)))) {
    by_member[grant.member_id].push_back(std::move(grant));
  }
  return by_member;
}

std::vector<Grant> LoadGrantsOpenSince(db::Transaction& tx, absl::string_view member_id, absl::Time since) {
  return FromRows(tx.Query(kLoadGrantsOpenSince, member_id, since));
}

std::vector<DueMember> LockDueMembers(db::Transaction& tx, int limit) {
  std::vector<DueMember> due;
  for (const pqxx::row& row : tx.Query(kLockDueMembers, limit)) {
    due.push_back({row["id"].as<std::string>(), row["active"].as<bool>(), row["due_time"].as<absl::Time>()});
  }
  return due;
}

bool AdvanceDueGrants(db::Transaction& tx, absl::string_view member_id) {
  return tx.Query(kAdvanceDueGrants, member_id).affected_rows() > 0;
}

}  // namespace masthead::memberships

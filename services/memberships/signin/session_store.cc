#include "services/memberships/signin/session_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertSession[] = R"sql(
  INSERT INTO sessions (id, member_id, staff_id, device, nonce, create_time, refresh_time, expire_time)
  VALUES ($1, nullif($2, ''), nullif($3, ''), $4, $5, $6, $7, $8)
)sql";

constexpr char kEndTooMany[] = R"sql(
  UPDATE sessions
  SET end_time = db_now(), end_reason = 'TOO_MANY'
  WHERE id IN (SELECT id
               FROM sessions
               WHERE (member_id = $1 OR staff_id = $2) AND end_time IS NULL
               ORDER BY refresh_time DESC, id DESC
               OFFSET $3)
)sql";

constexpr char kLoadSession[] = R"sql(
  SELECT * FROM sessions WHERE id = $1
)sql";

constexpr char kLockSession[] = R"sql(
  SELECT * FROM sessions WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLoadSessions[] = R"sql(
  SELECT * FROM sessions
  WHERE (member_id = $1 OR staff_id = $2) AND end_time IS NULL AND expire_time > db_now()
  ORDER BY refresh_time DESC, id DESC
)sql";

constexpr char kSaveRefresh[] = R"sql(
  UPDATE sessions SET generation = $2, last_refresh_id = $3, refresh_time = $4, expire_time = $5 WHERE id = $1
)sql";

constexpr char kEndSession[] = R"sql(
  UPDATE sessions SET end_time = db_now(), end_reason = $2 WHERE id = $1 AND end_time IS NULL
)sql";

constexpr char kEndSessions[] = R"sql(
  UPDATE sessions
  SET end_time = db_now(), end_reason = 'REVOKED'
  WHERE (member_id = $1 OR staff_id = $2) AND end_time IS NULL AND expire_time > db_now()
)sql";

Session FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .owner = {.member_id = row["member_id"].as<std::optional<std::string>>().value_or(""),
                    .staff_id = row["staff_id"].as<std::optional<std::string>>().value_or("")},
          .device = row["device"].as<std::string>(),
          .nonce = db::ReadBytes(row["nonce"]),
          .generation = row["generation"].as<int32_t>(),
          .last_refresh_id = row["last_refresh_id"].as<std::string>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .refresh_time = row["refresh_time"].as<absl::Time>(),
          .expire_time = row["expire_time"].as<absl::Time>(),
          .end_time = row["end_time"].as<std::optional<absl::Time>>()};
}

std::optional<Session> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

void InsertSession(db::Transaction& tx, const Session& session) {
  tx.Query(kInsertSession, session.id, session.owner.member_id, session.owner.staff_id, session.device,
           db::Bytes{session.nonce}, session.create_time, session.refresh_time, session.expire_time);
  tx.Query(kEndTooMany, session.owner.member_id, session.owner.staff_id, kMaxSessions);
}

std::optional<Session> LoadSession(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadSession, id));
}

std::optional<Session> LockSession(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockSession, id));
}

std::vector<Session> LoadSessions(db::Transaction& tx, const SessionOwner& owner) {
  std::vector<Session> sessions;
  for (const pqxx::row& row : tx.Query(kLoadSessions, owner.member_id, owner.staff_id)) {
    sessions.push_back(FromRow(row));
  }
  return sessions;
}

void SaveRefresh(db::Transaction& tx, const Session& session) {
  tx.Query(kSaveRefresh, session.id, session.generation, session.last_refresh_id, session.refresh_time,
           session.expire_time);
}

void EndSession(db::Transaction& tx, absl::string_view id, absl::string_view reason) {
  tx.Query(kEndSession, id, reason);
}

int EndSessions(db::Transaction& tx, const SessionOwner& owner) {
  return static_cast<int>(tx.Query(kEndSessions, owner.member_id, owner.staff_id).affected_rows());
}

}  // namespace masthead::memberships

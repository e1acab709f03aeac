#include "services/memberships/seats/seat_store.h"

namespace masthead::memberships {
namespace {

constexpr char kLoadGroup[] = R"sql(
  SELECT *, state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED') AS is_live FROM subscriptions WHERE id = $1
)sql";

constexpr char kLockGroup[] = R"sql(
  SELECT *, state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED') AS is_live FROM subscriptions WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLoadSeatUse[] = R"sql(
  SELECT count(*) FILTER (WHERE member_id IS NOT NULL) AS taken, count(*) FILTER (WHERE expire_time > $2) AS held
  FROM seats
  WHERE subscription_id = $1
)sql";

constexpr char kInsertSeat[] = R"sql(
  INSERT INTO seats (subscription_id, id, email_key, masked_email, invitations, code_hash, expire_time, revision,
                     create_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)sql";

constexpr char kLoadSeat[] = R"sql(
  SELECT * FROM seats WHERE subscription_id = $1 AND id = $2
)sql";

constexpr char kLoadSeatByCode[] = R"sql(
  SELECT * FROM seats WHERE code_hash = $1
)sql";

constexpr char kLoadSeatOfHolder[] = R"sql(
  SELECT * FROM seats WHERE subscription_id = $1 AND member_id = $2
)sql";

constexpr char kLoadSeatOfInvited[] = R"sql(
  SELECT * FROM seats WHERE subscription_id = $1 AND email_key = $2 AND member_id IS NULL
)sql";

constexpr char kLoadSeats[] = R"sql(
  SELECT * FROM seats WHERE subscription_id = $1 AND id > $2 ORDER BY id LIMIT $3
)sql";

constexpr char kLoadSeatsToTrim[] = R"sql(
  SELECT * FROM seats
  WHERE subscription_id = $1 AND (member_id IS NOT NULL OR expire_time > $2)
  ORDER BY member_id IS NOT NULL, COALESCE(take_time, create_time) DESC, id DESC
  LIMIT $3
)sql";

constexpr char kSaveSeat[] = R"sql(
  UPDATE seats
  SET member_id = NULLIF($3, ''), is_manager = $4, invitations = $5, code_hash = $6::bytea, expire_time = $7,
      take_time = $8, revision = $9
  WHERE subscription_id = $1 AND id = $2
)sql";

constexpr char kDeleteSeat[] = R"sql(
  DELETE FROM seats WHERE subscription_id = $1 AND id = $2
)sql";

constexpr char kMoveRunningSeatGrants[] = R"sql(
  UPDATE grants g
  SET end_time = $3, next_change_time = $3, revision = g.revision + 1
  FROM seats s
  WHERE s.subscription_id = $1 AND g.member_id = s.member_id AND g.source = 'SEAT' AND g.source_id = s.id
    AND g.tier_id = $2 AND g.revoke_time IS NULL AND (g.end_time IS NULL OR g.end_time > db_now())
    AND g.end_time IS DISTINCT FROM $3
)sql";

constexpr char kLoadSeatsWithoutGrant[] = R"sql(
  SELECT s.* FROM seats s
  WHERE s.subscription_id = $1 AND s.member_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM grants g
    WHERE g.member_id = s.member_id AND g.source = 'SEAT' AND g.source_id = s.id AND g.tier_id = $2
      AND g.revoke_time IS NULL AND g.end_time IS NOT DISTINCT FROM $3
  )
  ORDER BY s.member_id
)sql";

constexpr char kLoadSeatsWithGrant[] = R"sql(
  SELECT s.* FROM seats s
  JOIN grants g
    ON g.member_id = s.member_id AND g.source = 'SEAT' AND g.source_id = s.id AND g.revoke_time IS NULL
  WHERE s.subscription_id = $1
  ORDER BY s.member_id
)sql";

Group ReadGroup(const pqxx::row& row) {
  return {.subscription_id = row["id"].as<std::string>(),
          .owner_id = row["member_id"].as<std::string>(),
          .tier_id = row["tier_id"].as<std::optional<std::string>>().value_or(""),
          .seats = row["seats"].as<int32_t>(),
          .state = row["state"].as<std::string>(),
          .access_end_time = row["access_end_time"].as<std::optional<absl::Time>>(),
          .is_live = row["is_live"].as<bool>()};
}

std::optional<Group> FirstGroup(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return ReadGroup(rows.front());
}

Seat FromRow(const pqxx::row& row) {
  return {.subscription_id = row["subscription_id"].as<std::string>(),
          .id = row["id"].as<std::string>(),
          .member_id = row["member_id"].as<std::optional<std::string>>().value_or(""),
          .is_manager = row["is_manager"].as<bool>(),
          .email_key = db::ReadBytes(row["email_key"]),
          .masked_email = row["masked_email"].as<std::string>(),
          .invitations = row["invitations"].as<int32_t>(),
          .code_hash = row["code_hash"].is_null() ? "" : db::ReadBytes(row["code_hash"]),
          .expire_time = row["expire_time"].as<std::optional<absl::Time>>(),
          .take_time = row["take_time"].as<std::optional<absl::Time>>(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>()};
}

std::optional<Seat> FirstSeat(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

std::vector<Seat> FromRows(const pqxx::result& rows) {
  std::vector<Seat> seats;
  for (const pqxx::row& row : rows) seats.push_back(FromRow(row));
  return seats;
}

std::optional<db::Bytes> CodeHash(const Seat& seat) {
  if (seat.code_hash.empty()) return std::nullopt;
  return db::Bytes{seat.code_hash};
}

}  // namespace

std::optional<Group> LockGroup(db::Transaction& tx, absl::string_view subscription_id) {
  return FirstGroup(tx.Query(kLockGroup, subscription_id));
}

std::optional<Group> LoadGroup(db::Transaction& tx, absl::string_view subscription_id) {
  return FirstGroup(tx.Query(kLoadGroup, subscription_id));
}

SeatUse LoadSeatUse(db::Transaction& tx, absl::string_view subscription_id, absl::Time now) {
  const pqxx::result rows = tx.Query(kLoadSeatUse, subscription_id, now);
  return {.taken = 1 + rows.front()["taken"].as<int64_t>(), .held = rows.front()["held"].as<int64_t>()};
}

void InsertSeat(db::Transaction& tx, const Seat& seat) {
  tx.Query(kInsertSeat, seat.subscription_id, seat.id, db::Bytes{seat.email_key}, seat.masked_email, seat.invitations,
           db::Bytes{seat.code_hash}, seat.expire_time, seat.revision, seat.create_time);
}

std::optional<Seat> LoadSeat(db::Transaction& tx, absl::string_view subscription_id, absl::string_view id) {
  return FirstSeat(tx.Query(kLoadSeat, subscription_id, id));
}

std::optional<Seat> LoadSeatByCode(db::Transaction& tx, absl::string_view code_hash) {
  return FirstSeat(tx.Query(kLoadSeatByCode, db::Bytes{std::string(code_hash)}));
}

std::optional<Seat> LoadSeatOfHolder(db::Transaction& tx, absl::string_view subscription_id,
                                     absl::string_view member_id) {
  return FirstSeat(tx.Query(kLoadSeatOfHolder, subscription_id, member_id));
}

std::optional<Seat> LoadSeatOfInvited(db::Transaction& tx, absl::string_view subscription_id,
                                      absl::string_view email_key) {
  return FirstSeat(tx.Query(kLoadSeatOfInvited, subscription_id, db::Bytes{std::string(email_key)}));
}

std::vector<Seat> LoadSeats(db::Transaction& tx, absl::string_view subscription_id, absl::string_view after,
                            int limit) {
  return FromRows(tx.Query(kLoadSeats, subscription_id, after, limit));
}

std::vector<Seat> LoadSeatsToTrim(db::Transaction& tx, absl::string_view subscription_id, absl::Time now,
                                  int64_t limit) {
  return FromRows(tx.Query(kLoadSeatsToTrim, subscription_id, now, limit));
}

void SaveSeat(db::Transaction& tx, Seat& seat) {
  ++seat.revision;
  tx.Query(kSaveSeat, seat.subscription_id, seat.id, seat.member_id, seat.is_manager, seat.invitations, CodeHash(seat),
           seat.expire_time, seat.take_time, seat.revision);
}

void DeleteSeat(db::Transaction& tx, const Seat& seat) { tx.Query(kDeleteSeat, seat.subscription_id, seat.id); }

void MoveRunningSeatGrants(db::Transaction& tx, absl::string_view subscription_id, absl::string_view tier_id,
                           std::optional<absl::Time> end_time) {
  tx.Query(kMoveRunningSeatGrants, subscription_id, tier_id, end_time);
}

std::vector<Seat> LoadSeatsWithoutGrant(db::Transaction& tx, absl::string_view subscription_id,
                                        absl::string_view tier_id, std::optional<absl::Time> end_time) {
  return FromRows(tx.Query(kLoadSeatsWithoutGrant, subscription_id, tier_id, end_time));
}

std::vector<Seat> LoadSeatsWithGrant(db::Transaction& tx, absl::string_view subscription_id) {
  return FromRows(tx.Query(kLoadSeatsWithGrant, subscription_id));
}

}  // namespace masthead::memberships

#include "services/memberships/signin/challenge_store.h"

#include "common/db/now.h"

namespace masthead::memberships {
namespace {

// Addresses before networks, whoever asks.
constexpr char kLockAsker[] = R"sql(
  SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))
)sql";

constexpr char kLoadRecentRequests[] = R"sql(
  SELECT (SELECT max(create_time) FROM sign_in_requests WHERE address_key = $1),
         (SELECT create_time FROM sign_in_requests WHERE address_key = $1 ORDER BY create_time DESC OFFSET 9 LIMIT 1),
         (SELECT create_time FROM sign_in_requests WHERE network_key = $2 ORDER BY create_time DESC OFFSET 59 LIMIT 1)
)sql";

constexpr char kInsertRequest[] = R"sql(
  INSERT INTO sign_in_requests (address_key, network_key, create_time) VALUES ($1, $2, $3)
)sql";

constexpr char kInsertChallenge[] = R"sql(
  INSERT INTO sign_in_challenges (id, purpose, sealed, token_hash, code_mac, secret_hash, create_time, expire_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

constexpr char kLockChallenge[] = R"sql(
  SELECT * FROM sign_in_challenges WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLockChallengeByToken[] = R"sql(
  SELECT * FROM sign_in_challenges WHERE token_hash = $1 FOR UPDATE
)sql";

constexpr char kCountFailedTry[] = R"sql(
  UPDATE sign_in_challenges SET failed_tries = failed_tries + 1 WHERE id = $1
)sql";

constexpr char kSaveCompletion[] = R"sql(
  UPDATE sign_in_challenges SET complete_time = $3, session_id = $2 WHERE id = $1
)sql";

constexpr char kRemoveRequests[] = R"sql(
  DELETE FROM sign_in_requests
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM sign_in_requests WHERE create_time < db_now() - interval '1 hour' LIMIT 1000))
)sql";

// A completed one is kept for its replays: they end within minutes.
constexpr char kRemoveChallenges[] = R"sql(
  DELETE FROM sign_in_challenges
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM sign_in_challenges WHERE expire_time < db_now() - interval '1 hour' LIMIT 1000))
)sql";

constexpr char kRemoveEmailChanges[] = R"sql(
  DELETE FROM email_changes
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM email_changes WHERE expire_time < db_now() LIMIT 1000))
)sql";

// Ended ones too: a refresh token of theirs may be shown until then, and be told that it is over.
constexpr char kRemoveSessions[] = R"sql(
  DELETE FROM sessions
  WHERE ctid = ANY (ARRAY(SELECT ctid FROM sessions WHERE expire_time < db_now() LIMIT 1000))
)sql";

std::optional<Challenge> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  return Challenge{.id = row["id"].as<std::string>(),
                   .purpose = ParseSignInPurpose(row["purpose"].c_str()).value(),
                   .sealed_errand = db::ReadBytes(row["sealed"]),
                   .token_hash = db::ReadBytes(row["token_hash"]),
                   .code_mac = db::ReadBytes(row["code_mac"]),
                   .secret_hash = db::ReadBytes(row["secret_hash"]),
                   .failed_tries = row["failed_tries"].as<int>(),
                   .create_time = row["create_time"].as<absl::Time>(),
                   .expire_time = row["expire_time"].as<absl::Time>(),
                   .complete_time = row["complete_time"].as<std::optional<absl::Time>>(),
                   .session_id = row["session_id"].as<std::optional<std::string>>().value_or("")};
}

}  // namespace

RecentRequests LockRecentRequests(db::Transaction& tx, const Asker& asker) {
  tx.Query(kLockAsker, db::Bytes{asker.address_key});
  tx.Query(kLockAsker, db::Bytes{asker.network_key});
  const pqxx::row row =
      tx.Query(kLoadRecentRequests, db::Bytes{asker.address_key}, db::Bytes{asker.network_key}).front();
  return {.now = db::Now(tx),
          .last_of_address = row[0].as<std::optional<absl::Time>>(),
          .tenth_last_of_address = row[1].as<std::optional<absl::Time>>(),
          .sixtieth_last_of_network = row[2].as<std::optional<absl::Time>>()};
}

void InsertRequest(db::Transaction& tx, const Asker& asker, absl::Time now) {
  tx.Query(kInsertRequest, db::Bytes{asker.address_key}, db::Bytes{asker.network_key}, now);
}

void InsertChallenge(db::Transaction& tx, const Challenge& challenge) {
  tx.Query(kInsertChallenge, challenge.id, Name(challenge.purpose), db::Bytes{challenge.sealed_errand},
           db::Bytes{challenge.token_hash}, db::Bytes{challenge.code_mac}, db::Bytes{challenge.secret_hash},
           challenge.create_time, challenge.expire_time);
}

std::optional<Challenge> LockChallenge(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockChallenge, id));
}

std::optional<Challenge> LockChallengeByToken(db::Transaction& tx, const std::string& token_hash) {
  return FirstRow(tx.Query(kLockChallengeByToken, db::Bytes{token_hash}));
}

void CountFailedTry(db::Transaction& tx, absl::string_view id) { tx.Query(kCountFailedTry, id); }

void SaveCompletion(db::Transaction& tx, absl::string_view id, absl::string_view session_id, absl::Time now) {
  tx.Query(kSaveCompletion, id, session_id, now);
}

int64_t RemoveOldSignIns(db::Transaction& tx) {
  int64_t removed = 0;
  for (const char* sql : {kRemoveRequests, kRemoveChallenges, kRemoveEmailChanges, kRemoveSessions}) {
    removed += static_cast<int64_t>(tx.Query(sql).affected_rows());
  }
  return removed;
}

}  // namespace masthead::memberships

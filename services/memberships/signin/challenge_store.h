// Sign-ins under way, and who asked for them, in Postgres.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/signin/challenge.h"

namespace masthead::memberships {

// Who asks, as keyed digests.
struct Asker {
  std::string address_key;
  std::string network_key;
};

// Until `tx` ends nobody else asks for the address or from the network: the limits hold however many ask at once.
RecentRequests LockRecentRequests(db::Transaction& tx, const Asker& asker);
void InsertRequest(db::Transaction& tx, const Asker& asker, absl::Time now);

void InsertChallenge(db::Transaction& tx, const Challenge& challenge);

// Nobody else can complete it, or try its code, until `tx` ends.
std::optional<Challenge> LockChallenge(db::Transaction& tx, absl::string_view id);
std::optional<Challenge> LockChallengeByToken(db::Transaction& tx, const std::string& token_hash);

void CountFailedTry(db::Transaction& tx, absl::string_view id);
void SaveCompletion(db::Transaction& tx, absl::string_view id, absl::string_view session_id, absl::Time now);

// What is too old to matter: requests, challenges, changes of address, sessions that ended. How many rows.
int64_t RemoveOldSignIns(db::Transaction& tx);

}  // namespace masthead::memberships

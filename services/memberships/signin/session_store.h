// Sessions in Postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/signin/session.h"

namespace masthead::memberships {

// Ends those of the owner that have not been used longest, if there are too many.
void InsertSession(db::Transaction& tx, const Session& session);

std::optional<Session> LoadSession(db::Transaction& tx, absl::string_view id);
// Nobody else can refresh or end it until `tx` ends.
std::optional<Session> LockSession(db::Transaction& tx, absl::string_view id);

// That are live, the one used last first.
std::vector<Session> LoadSessions(db::Transaction& tx, const SessionOwner& owner);

// Stores generation, last_refresh_id, refresh_time and expire_time.
void SaveRefresh(db::Transaction& tx, const Session& session);

// `reason` as in the database. Nothing happens to one that has ended.
void EndSession(db::Transaction& tx, absl::string_view id, absl::string_view reason);

// How many.
int EndSessions(db::Transaction& tx, const SessionOwner& owner);

}  // namespace masthead::memberships

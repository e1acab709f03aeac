// What recipients chose about all topics, in Postgres. The database itself keeps `endpoints.limited` true exactly where
// a recipient mutes, keeps quiet hours or caps: the fan-out asks here only about those.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "common/db/database.h"
#include "services/notifications/preferences/preferences.h"

namespace masthead::notifications {

// By recipient number, of those recipients who chose something; one statement, however many they are.
std::map<int64_t, Preferences> LoadPreferences(db::Transaction& tx, const std::vector<int64_t>& recipient_numbers);

// As above, of one; with nothing chosen, the defaults.
Preferences LoadPreferences(db::Transaction& tx, int64_t recipient_number);

// Of a recipient whom `tx` has locked. Increments the revision.
void SavePreferences(db::Transaction& tx, int64_t recipient_number, Preferences& preferences);

// What each of the recipients was handed over since `since`, by recipient number; without one message, which does not
// stand in its own way.
std::map<int64_t, std::vector<Told>> LoadTold(db::Transaction& tx, const std::vector<int64_t>& recipient_numbers,
                                              absl::Time since, int64_t except_message);

// Forgets what was told before every possible cap; at most `limit` rows. Returns how many.
int64_t RemoveOldTold(db::Transaction& tx, int limit);

}  // namespace masthead::notifications

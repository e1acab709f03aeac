// API keys in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/admin/api_key.h"

namespace masthead::memberships {

// Where a page of keys starts: after this one.
struct ApiKeyCursor {
  absl::Time create_time;
  std::string id;
};

// Nothing happens if a key with this ID is there: a repetition of the very same call.
void InsertApiKey(db::Transaction& tx, const ApiKey& key);

std::optional<ApiKey> LoadApiKey(db::Transaction& tx, absl::string_view id);

// As LoadApiKey, and nobody else can write the key until `tx` ends.
std::optional<ApiKey> LockApiKey(db::Transaction& tx, absl::string_view id);

// Stores a revocation or another end, and raises the revision.
void SaveApiKey(db::Transaction& tx, ApiKey& key);

// The newest first.
std::vector<ApiKey> LoadApiKeys(db::Transaction& tx, const std::optional<ApiKeyCursor>& before, int limit);

}  // namespace masthead::memberships

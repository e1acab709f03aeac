// The keys of rows that seal something, in Postgres: wrapped, as they lie beside what they seal.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace masthead::memberships {

enum class SealedRows { kMembers, kGifts, kCheckouts };

// The collection in the names of such rows' resources.
const char* CollectionOf(SealedRows rows);

struct WrappedKey {
  std::string id;
  std::string wrapped;  // The key; with what it seals behind it, where both are one piece.
};

// In the order of their IDs, after `id`.
std::vector<WrappedKey> LoadWrappedKeys(db::Transaction& tx, SealedRows rows, absl::string_view id, int limit);

// Unless somebody has written the row since.
void SaveWrappedKey(db::Transaction& tx, SealedRows rows, const WrappedKey& key, const std::string& wrapped_again);

}  // namespace masthead::memberships

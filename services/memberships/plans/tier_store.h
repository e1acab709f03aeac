// Tiers in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/plans/tier.h"

namespace masthead::memberships {

// False if the ID is taken.
bool InsertTier(db::Transaction& tx, const Tier& tier);

std::optional<Tier> LoadTier(db::Transaction& tx, absl::string_view id);

// As LoadTier, and nobody else can write the tier until `tx` ends.
std::optional<Tier> LockTier(db::Transaction& tx, absl::string_view id);

// As LoadTier, and the tier stays as it is until `tx` ends; others may hold it so too.
std::optional<Tier> HoldTier(db::Transaction& tx, absl::string_view id);

// Stores all of `tier`, which `tx` has locked, and raises its revision.
void SaveTier(db::Transaction& tx, Tier& tier);

// By ID, after `after`.
std::vector<Tier> LoadTiers(db::Transaction& tx, absl::string_view after, bool archived_too, int limit);

}  // namespace masthead::memberships

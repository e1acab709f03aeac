// Prices in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/plans/price.h"

namespace masthead::memberships {

// False if the ID is taken.
bool InsertPrice(db::Transaction& tx, const Price& price);

std::optional<Price> FindPrice(db::Transaction& tx, absl::string_view id);

// As FindPrice, and nobody else can write the price until `tx` ends.
std::optional<Price> LockPrice(db::Transaction& tx, absl::string_view id);

// Stores the state of `price`, which `tx` has locked, and raises its revision: nothing else of it ever changes.
void SavePriceState(db::Transaction& tx, Price& price);

// By ID, after `after`; of one tier if `tier_id` is not empty.
std::vector<Price> LoadPrices(db::Transaction& tx, absl::string_view after, bool archived_too,
                              absl::string_view tier_id, int limit);

}  // namespace masthead::memberships

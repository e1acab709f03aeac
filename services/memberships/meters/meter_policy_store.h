// Meter policies in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/meters/meter_policy.h"

namespace masthead::memberships {

// How many there are; nobody else makes one until `tx` ends.
int LockMeterPolicyCount(db::Transaction& tx);

// False if the ID is taken.
bool InsertMeterPolicy(db::Transaction& tx, const MeterPolicy& policy);

std::optional<MeterPolicy> LoadMeterPolicy(db::Transaction& tx, absl::string_view id);

// As LoadMeterPolicy, and nobody else can write the policy until `tx` ends.
std::optional<MeterPolicy> LockMeterPolicy(db::Transaction& tx, absl::string_view id);

// Stores all of `policy`, which `tx` has locked, and raises its revision.
void SaveMeterPolicy(db::Transaction& tx, MeterPolicy& policy);

// Its meters stay until their windows have ended.
void RemoveMeterPolicy(db::Transaction& tx, absl::string_view id);

// All, in the order in which they are asked: by priority.
std::vector<MeterPolicy> LoadMeterPoliciesInOrder(db::Transaction& tx);

// By ID, after `after`.
std::vector<MeterPolicy> LoadMeterPolicies(db::Transaction& tx, absl::string_view after, int limit);

}  // namespace masthead::memberships

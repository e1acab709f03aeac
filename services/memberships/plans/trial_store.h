// Who ever had a trial.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// All that a member's trials are kept under: the member's ID, and a hash of the member's address. Neither changes nor
// is forgotten when the member is erased.
std::vector<std::string> TrialKeys(db::Transaction& tx, absl::string_view member_id);

bool HadTrial(db::Transaction& tx, const std::vector<std::string>& keys, absl::string_view product_group);

// Under each of the keys, where it is not there yet.
void InsertTrials(db::Transaction& tx, const std::vector<std::string>& keys, absl::string_view product_group,
                  absl::Time begin_time);

// Whatever is kept under one of `from` is kept under each of `to` as well.
void CopyTrials(db::Transaction& tx, const std::vector<std::string>& from, const std::vector<std::string>& to);

}  // namespace masthead::memberships

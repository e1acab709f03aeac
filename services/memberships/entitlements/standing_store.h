// What access depends on, in one indexed read.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/entitlements/access.h"

namespace masthead::memberships {

// The standing of some members at one moment. Who is not there, or is deleted, is not registered.
struct Standings {
  absl::Time now;
  std::map<std::string, Standing> by_member;
};

Standings LoadStandings(db::Transaction& tx, const std::vector<std::string>& member_ids);

// The standing of one reader, who may be no member (then `member_id` is empty), and reads from `address`.
Standings LoadStandingAt(db::Transaction& tx, const std::string& member_id, const std::string& address);

}  // namespace masthead::memberships

// Many members at once, in Postgres: one statement each for any number.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/exchange/member_row.h"
#include "services/memberships/members/consent.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// Active members with one of the addresses, by their address index; locked in the order of their IDs.
std::map<std::string, Member> LockMembersByAddress(db::Transaction& tx, const std::vector<std::string>& indexes);

// Those of the addresses whose owners asked to be forgotten.
std::set<std::string> LoadErasedAddresses(db::Transaction& tx, const std::vector<std::string>& indexes);

// Which of the members, sealed, were registered: those whose ID and address nobody had. `events[i]` have been counted
// about the i-th.
std::set<std::string> InsertMembers(db::Transaction& tx, const std::vector<Member>& members,
                                    const std::vector<int64_t>& events);

// Complimentary grants that run, by member.
std::map<std::string, std::vector<RowTier>> LoadComplimentaryTiers(db::Transaction& tx,
                                                                   const std::vector<std::string>& member_ids);

struct ImportedGrant {
  std::string member_id;
  RowTier tier;
};
// Complimentary ones, from now on.
void InsertGrants(db::Transaction& tx, const std::vector<ImportedGrant>& grants, absl::Time now);

// First words on topics; as SaveConsent.
void InsertConsents(db::Transaction& tx, const std::vector<Consent>& consents, const std::string& principal);

// What members last said, by member and topic.
std::map<std::string, std::map<std::string, bool>> LoadLastWords(db::Transaction& tx,
                                                                 const std::vector<std::string>& member_ids);

}  // namespace masthead::memberships

// Members by filter and order, page by page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/db/database.h"
#include "common/filter/filter.h"
#include "common/filter/order.h"
#include "services/memberships/members/member.h"

namespace masthead::memberships {

// What members are filtered by.
const filter::Fields& MemberFields();

absl::StatusOr<filter::Order> ParseMemberOrder(absl::string_view order_by);

enum class Absent { kLeftOut, kIncluded };

// `limit` members after `after`, sealed, and the position of each.
struct MemberPage {
  std::vector<Member> members;
  std::vector<filter::Position> positions;
};
MemberPage LoadMemberPage(db::Transaction& tx, const filter::Filter& filter, const filter::Order& order,
                          const std::optional<filter::Position>& after, int limit, Absent absent);

// Active members with an ID after `after`, in the order of their IDs; locked until `tx` ends.
std::vector<Member> LockMatching(db::Transaction& tx, const filter::Filter& filter, const std::string& after,
                                 int limit);
// The same, not locked.
std::vector<Member> LoadMatching(db::Transaction& tx, const filter::Filter& filter, const std::string& after,
                                 int limit);

// Stores the labels of members that `tx` has locked, raises their revisions, counts an event about each, and gives the
// numbers of these events in the order of `members`.
std::vector<int64_t> SaveLabels(db::Transaction& tx, const std::vector<Member>& members, absl::Time now);

}  // namespace masthead::memberships

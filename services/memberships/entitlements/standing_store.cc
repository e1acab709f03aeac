#include "services/memberships/entitlements/standing_store.h"

#include <utility>

namespace masthead::memberships {
namespace {

// A row for each asked member and open grant, with NULLs where there is no such member or no grant.
constexpr char kLoadStandings[] = R"sql(
  SELECT db_now() AS now, asked.id AS asked_id, m.id IS NOT NULL AS registered,
         g.id, g.tier_id, g.start_time, g.end_time
  FROM unnest($1::text[]) AS asked (id)
  LEFT JOIN members m ON m.id = asked.id AND m.state = 'ACTIVE'
  LEFT JOIN grants g
    ON g.member_id = m.id AND g.revoke_time IS NULL AND (g.end_time IS NULL OR g.end_time > db_now())
)sql";

}  // namespace

Standings LoadStandings(db::Transaction& tx, const std::vector<std::string>& member_ids) {
  Standings standings;
  for (const pqxx::row& row : tx.Query(kLoadStandings, db::TextArray(member_ids))) {
    standings.now = row["now"].as<absl::Time>();
    std::string member_id = row["asked_id"].as<std::string>();
    Standing& standing = standings.by_member[member_id];
    standing.registered = row["registered"].as<bool>();
    if (row["id"].is_null()) continue;
    standing.grants.push_back({.member_id = std::move(member_id),
                               .id = row["id"].as<std::string>(),
                               .tier_id = row["tier_id"].as<std::string>(),
                               .start_time = row["start_time"].as<absl::Time>(),
                               .end_time = row["end_time"].as<std::optional<absl::Time>>()});
  }
  return standings;
}

}  // namespace masthead::memberships

#include "services/memberships/entitlements/standing_store.h"

#include <utility>

namespace masthead::memberships {
namespace {

// A row for each asked member and what the member has, with NULLs where there is no such member or nothing. The domain
// of an address counts once the address is verified.
constexpr char kLoadStandings[] = R"sql(
  SELECT db_now() AS now, asked.id AS asked_id, m.id IS NOT NULL AS registered, false AS from_network,
         had.id, had.tier_id, had.start_time, had.end_time
  FROM unnest($1::text[]) AS asked (id)
  LEFT JOIN members m ON m.id = asked.id AND m.state = 'ACTIVE'
  LEFT JOIN LATERAL (
    SELECT g.id, g.tier_id, g.start_time, g.end_time
    FROM grants g
    WHERE g.member_id = m.id AND g.revoke_time IS NULL AND (g.end_time IS NULL OR g.end_time > db_now())
    UNION ALL
    SELECT i.id, i.tier_id, i.create_time, i.end_time
    FROM institution_domains d
    JOIN institutions i ON i.id = d.institution_id
    WHERE d.domain = m.email_domain AND m.email_verify_time IS NOT NULL AND (i.end_time IS NULL OR i.end_time > db_now())
  ) had ON true
)sql";

// The same for one, with what is had at an address.
constexpr char kLoadStandingAt[] = R"sql(
  SELECT db_now() AS now, asked.id AS asked_id, m.id IS NOT NULL AS registered, COALESCE(had.from_network, false) AS
         from_network, had.id, had.tier_id, had.start_time, had.end_time
  FROM (SELECT $1::text AS id) asked
  LEFT JOIN members m ON m.id = asked.id AND m.state = 'ACTIVE'
  LEFT JOIN LATERAL (
    SELECT false AS from_network, g.id, g.tier_id, g.start_time, g.end_time
    FROM grants g
    WHERE g.member_id = m.id AND g.revoke_time IS NULL AND (g.end_time IS NULL OR g.end_time > db_now())
    UNION ALL
    SELECT false, i.id, i.tier_id, i.create_time, i.end_time
    FROM institution_domains d
    JOIN institutions i ON i.id = d.institution_id
    WHERE d.domain = m.email_domain AND m.email_verify_time IS NOT NULL AND (i.end_time IS NULL OR i.end_time > db_now())
    UNION ALL
    SELECT true, i.id, i.tier_id, i.create_time, i.end_time
    FROM institution_networks n
    JOIN institutions i ON i.id = n.institution_id
    WHERE n.network >>= $2::inet AND (i.end_time IS NULL OR i.end_time > db_now())
  ) had ON true
)sql";

Standings FromRows(const pqxx::result& rows) {
  Standings standings;
  for (const pqxx::row& row : rows) {
    standings.now = row["now"].as<absl::Time>();
    std::string member_id = row["asked_id"].as<std::string>();
    Standing& standing = standings.by_member[member_id];
    standing.registered = row["registered"].as<bool>();
    if (row["id"].is_null()) continue;
    std::vector<Grant>& had = row["from_network"].as<bool>() ? standing.from_network : standing.grants;
    had.push_back({.member_id = std::move(member_id),
                   .id = row["id"].as<std::string>(),
                   .tier_id = row["tier_id"].as<std::string>(),
                   .start_time = row["start_time"].as<absl::Time>(),
                   .end_time = row["end_time"].as<std::optional<absl::Time>>()});
  }
  return standings;
}

}  // namespace

Standings LoadStandings(db::Transaction& tx, const std::vector<std::string>& member_ids) {
  return FromRows(tx.Query(kLoadStandings, db::TextArray(member_ids)));
}

Standings LoadStandingAt(db::Transaction& tx, const std::string& member_id, const std::string& address) {
  return FromRows(tx.Query(kLoadStandingAt, member_id, address));
}

}  // namespace masthead::memberships

#include "services/memberships/members/audience_store.h"

#include <unordered_map>
#include <utility>

#include "common/db/now.h"
#include "services/memberships/grants/grant_store.h"
#include "services/memberships/members/member_store.h"

namespace masthead::memberships {
namespace {

constexpr char kLoadMembersAfter[] = R"sql(
  SELECT * FROM members
  WHERE id > $1 AND state = 'ACTIVE'
  ORDER BY id
  LIMIT $2
)sql";

constexpr char kLoadMembersAmong[] = R"sql(
  SELECT * FROM members
  WHERE id = ANY ($1::text[]) AND state = 'ACTIVE'
  ORDER BY id
)sql";

constexpr char kLoadConsentsOf[] = R"sql(
  SELECT member_id, topic_id, granted, record_time FROM consents
  WHERE member_id = ANY ($1::text[])
  ORDER BY member_id, topic_id
)sql";

// The members with what hangs on them: three statements for any number of members.
std::vector<AudienceEntry> WithConsentsAndTiers(db::Transaction& tx, const pqxx::result& rows) {
  std::vector<AudienceEntry> audience;
  std::vector<std::string> ids;
  std::unordered_map<std::string, AudienceEntry*> by_id;
  audience.reserve(rows.size());
  for (const pqxx::row& row : rows) {
    audience.push_back({.member = ReadMember(row), .consents = {}, .tier_ids = {}});
    ids.push_back(audience.back().member.id);
    by_id[ids.back()] = &audience.back();
  }
  if (ids.empty()) return audience;

  for (const pqxx::row& row : tx.Query(kLoadConsentsOf, db::TextArray(ids))) {
    Consent consent = {.member_id = row["member_id"].as<std::string>(),
                       .topic_id = row["topic_id"].as<std::string>(),
                       .granted = row["granted"].as<bool>(),
                       .record_time = row["record_time"].as<absl::Time>()};
    by_id.at(consent.member_id)->consents.push_back(std::move(consent));
  }
  const absl::Time now = db::Now(tx);
  for (auto& [member_id, grants] : LoadOpenGrantsOf(tx, ids)) by_id.at(member_id)->tier_ids = TiersAt(grants, now);
  return audience;
}

}  // namespace

std::vector<AudienceEntry> LoadAudience(db::Transaction& tx, absl::string_view after, int limit) {
  return WithConsentsAndTiers(tx, tx.Query(kLoadMembersAfter, after, limit));
}

std::vector<AudienceEntry> LoadAudienceOf(db::Transaction& tx, const std::vector<std::string>& member_ids) {
  return WithConsentsAndTiers(tx, tx.Query(kLoadMembersAmong, db::TextArray(member_ids)));
}

}  // namespace masthead::memberships

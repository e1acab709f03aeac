#include "services/memberships/exchange/import_store.h"

#include <optional>
#include <utility>

#include "common/ids/uuid.h"
#include "nlohmann/json.hpp"
#include "services/memberships/members/member_store.h"

namespace masthead::memberships {
namespace {

constexpr char kLockMembersByAddress[] = R"sql(
  SELECT * FROM members
  WHERE address_index = ANY ($1::bytea[]) AND state = 'ACTIVE'
  ORDER BY id
  FOR UPDATE
)sql";

constexpr char kLoadErasedAddresses[] = R"sql(
  SELECT address_index FROM erased_addresses WHERE address_index = ANY ($1::bytea[])
)sql";

constexpr char kInsertMembers[] = R"sql(
  INSERT INTO members (id, wrapped_key, person, address_index, address_domain, locale, time_zone, labels, state,
                       revision, event_revision, create_time, update_time)
  SELECT id, wrapped_key, person, address_index, address_domain, locale, time_zone, labels::jsonb, 'ACTIVE',
         1, events, create_time, update_time
  FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[],
              $9::bigint[], $10::timestamptz[], $11::timestamptz[])
    AS n (id, wrapped_key, person, address_index, address_domain, locale, time_zone, labels, events, create_time,
          update_time)
  ON CONFLICT DO NOTHING
  RETURNING id
)sql";

constexpr char kLoadComplimentaryTiers[] = R"sql(
  SELECT member_id, tier_id, end_time FROM grants
  WHERE member_id = ANY ($1::text[]) AND source IS NULL AND revoke_time IS NULL
    AND start_time <= db_now() AND (end_time IS NULL OR end_time > db_now())
  ORDER BY member_id, tier_id, end_time
)sql";

constexpr char kInsertGrants[] = R"sql(
  INSERT INTO grants (member_id, id, tier_id, start_time, end_time, reason, revision, create_time, next_change_time)
  SELECT member_id, id, tier_id, $5, end_time, 'import', 1, $5, end_time
  FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS n (member_id, id, tier_id, end_time)
)sql";

constexpr char kInsertConsents[] = R"sql(
  WITH said AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::boolean[], $4::text[]) AS n (member_id, topic_id, granted, source)
  ), latest AS (
    INSERT INTO consents (member_id, topic_id, granted, source, text_version, revision, record_time)
    SELECT member_id, topic_id, granted, source, '', 1, $5 FROM said
  )
  INSERT INTO consent_history (member_id, topic_id, granted, source, text_version, revision, record_time, principal)
  SELECT member_id, topic_id, granted, source, '', 1, $5, $6 FROM said
)sql";

constexpr char kLoadLastWords[] = R"sql(
  SELECT member_id, topic_id, granted FROM consents WHERE member_id = ANY ($1::text[])
)sql";

}  // namespace

std::map<std::string, Member> LockMembersByAddress(db::Transaction& tx, const std::vector<std::string>& indexes) {
  std::map<std::string, Member> members;
  for (const pqxx::row& row : tx.Query(kLockMembersByAddress, db::BytesArray(indexes))) {
    Member member = ReadMember(row);
    const std::string index = member.sealed.address_index;
    members.emplace(index, std::move(member));
  }
  return members;
}

std::set<std::string> LoadErasedAddresses(db::Transaction& tx, const std::vector<std::string>& indexes) {
  std::set<std::string> erased;
  for (const pqxx::row& row : tx.Query(kLoadErasedAddresses, db::BytesArray(indexes))) {
    erased.insert(db::ReadBytes(row[0]));
  }
  return erased;
}

std::set<std::string> InsertMembers(db::Transaction& tx, const std::vector<Member>& members,
                                    const std::vector<int64_t>& events) {
  std::vector<std::string> ids, keys, persons, indexes, domains, locales, zones, labels;
  std::vector<absl::Time> created, updated;
  for (const Member& member : members) {
    ids.push_back(member.id);
    keys.push_back(member.sealed.wrapped_key);
    persons.push_back(member.sealed.person);
    indexes.push_back(member.sealed.address_index);
    domains.push_back(member.address_domain);
    locales.push_back(member.locale);
    zones.push_back(member.time_zone);
    labels.push_back(member.labels.empty() ? "{}" : nlohmann::json(member.labels).dump());
    created.push_back(member.create_time);
    updated.push_back(member.update_time);
  }
  std::set<std::string> inserted;
  for (const pqxx::row& row :
       tx.Query(kInsertMembers, db::TextArray(ids), db::BytesArray(keys), db::BytesArray(persons),
                db::BytesArray(indexes), db::TextArray(domains), db::TextArray(locales), db::TextArray(zones),
                db::TextArray(labels), db::Int64Array(events), db::TimeArray(created), db::TimeArray(updated))) {
    inserted.insert(row[0].as<std::string>());
  }
  return inserted;
}

std::map<std::string, std::vector<RowTier>> LoadComplimentaryTiers(db::Transaction& tx,
                                                                   const std::vector<std::string>& member_ids) {
  std::map<std::string, std::vector<RowTier>> tiers;
  if (member_ids.empty()) return tiers;
  for (const pqxx::row& row : tx.Query(kLoadComplimentaryTiers, db::TextArray(member_ids))) {
    tiers[row[0].as<std::string>()].push_back(
        {.tier_id = row[1].as<std::string>(), .end_time = row[2].as<std::optional<absl::Time>>()});
  }
  return tiers;
}

void InsertGrants(db::Transaction& tx, const std::vector<ImportedGrant>& grants, absl::Time now) {
  if (grants.empty()) return;
  std::vector<std::string> member_ids, grant_ids, tier_ids;
  std::vector<std::optional<absl::Time>> ends;
  for (const ImportedGrant& grant : grants) {
    member_ids.push_back(grant.member_id);
    grant_ids.push_back(ids::NewUuid());
    tier_ids.push_back(grant.tier.tier_id);
    ends.push_back(grant.tier.end_time);
  }
  tx.Query(kInsertGrants, db::TextArray(member_ids), db::TextArray(grant_ids), db::TextArray(tier_ids),
           db::TimeArray(ends), now);
}

void InsertConsents(db::Transaction& tx, const std::vector<Consent>& consents, const std::string& principal) {
  if (consents.empty()) return;
  std::vector<std::string> member_ids, topic_ids, sources;
  std::vector<bool> granted;
  for (const Consent& consent : consents) {
    member_ids.push_back(consent.member_id);
    topic_ids.push_back(consent.topic_id);
    granted.push_back(consent.granted);
    sources.push_back(consent.source);
  }
  tx.Query(kInsertConsents, db::TextArray(member_ids), db::TextArray(topic_ids), db::BoolArray(granted),
           db::TextArray(sources), consents.front().record_time, principal);
}

std::map<std::string, std::map<std::string, bool>> LoadLastWords(db::Transaction& tx,
                                                                 const std::vector<std::string>& member_ids) {
  std::map<std::string, std::map<std::string, bool>> words;
  if (member_ids.empty()) return words;
  for (const pqxx::row& row : tx.Query(kLoadLastWords, db::TextArray(member_ids))) {
    words[row[0].as<std::string>()][row[1].as<std::string>()] = row[2].as<bool>();
  }
  return words;
}

}  // namespace masthead::memberships

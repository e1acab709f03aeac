#include "services/memberships/institutions/institution_store.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertInstitution[] = R"sql(
  INSERT INTO institutions (id, display_name, tier_id, end_time, revision, create_time, update_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLoadInstitution[] = R"sql(
  SELECT *,
    ARRAY(SELECT domain FROM institution_domains WHERE institution_id = id ORDER BY domain) AS domains,
    ARRAY(SELECT network::text FROM institution_networks WHERE institution_id = id ORDER BY network::text) AS networks
  FROM institutions
  WHERE id = $1
)sql";

constexpr char kLockInstitution[] = R"sql(
  SELECT FROM institutions WHERE id = $1 FOR UPDATE
)sql";

constexpr char kSaveInstitution[] = R"sql(
  UPDATE institutions
  SET display_name = $2, tier_id = $3, end_time = $4, revision = $5, update_time = $6
  WHERE id = $1
)sql";

constexpr char kRemoveDomains[] = R"sql(
  DELETE FROM institution_domains WHERE institution_id = $1 AND domain <> ALL ($2::text[])
)sql";

constexpr char kInsertDomains[] = R"sql(
  INSERT INTO institution_domains (domain, institution_id)
  SELECT domain, $1 FROM unnest($2::text[]) AS domain
  ON CONFLICT DO NOTHING
)sql";

constexpr char kRemoveNetworks[] = R"sql(
  DELETE FROM institution_networks WHERE institution_id = $1 AND network <> ALL ($2::cidr[])
)sql";

constexpr char kInsertNetworks[] = R"sql(
  INSERT INTO institution_networks (institution_id, network)
  SELECT $1, network FROM unnest($2::cidr[]) AS network
  ON CONFLICT DO NOTHING
)sql";

constexpr char kRemoveInstitution[] = R"sql(
  DELETE FROM institutions WHERE id = $1
)sql";

constexpr char kLoadInstitutions[] = R"sql(
  SELECT *,
    ARRAY(SELECT domain FROM institution_domains WHERE institution_id = id ORDER BY domain) AS domains,
    ARRAY(SELECT network::text FROM institution_networks WHERE institution_id = id ORDER BY network::text) AS networks
  FROM institutions
  WHERE id > $1
  ORDER BY id
  LIMIT $2
)sql";

Institution FromRow(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .display_name = row["display_name"].as<std::string>(),
          .tier_id = row["tier_id"].as<std::string>(),
          .domains = db::ReadTextArray(row["domains"]),
          .networks = db::ReadTextArray(row["networks"]),
          .end_time = row["end_time"].as<std::optional<absl::Time>>(),
          .revision = row["revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

void SaveLists(db::Transaction& tx, const Institution& institution) {
  const db::TextArray domains(institution.domains);
  const db::TextArray networks(institution.networks);
  tx.Query(kRemoveDomains, institution.id, domains);
  tx.Query(kInsertDomains, institution.id, domains);
  tx.Query(kRemoveNetworks, institution.id, networks);
  tx.Query(kInsertNetworks, institution.id, networks);
}

}  // namespace

bool InsertInstitution(db::Transaction& tx, const Institution& institution) {
  const bool is_new =
      tx.Query(kInsertInstitution, institution.id, institution.display_name, institution.tier_id, institution.end_time,
               institution.revision, institution.create_time, institution.update_time)
          .affected_rows() == 1;
  if (is_new) SaveLists(tx, institution);
  return is_new;
}

std::optional<Institution> LoadInstitution(db::Transaction& tx, absl::string_view id) {
  const pqxx::result rows = tx.Query(kLoadInstitution, id);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

std::optional<Institution> LockInstitution(db::Transaction& tx, absl::string_view id) {
  // Its lists are written under this lock, so they are read after it is ours.
  tx.Query(kLockInstitution, id);
  return LoadInstitution(tx, id);
}

void SaveInstitution(db::Transaction& tx, Institution& institution) {
  ++institution.revision;
  tx.Query(kSaveInstitution, institution.id, institution.display_name, institution.tier_id, institution.end_time,
           institution.revision, institution.update_time);
  SaveLists(tx, institution);
}

void RemoveInstitution(db::Transaction& tx, absl::string_view id) { tx.Query(kRemoveInstitution, id); }

std::vector<Institution> LoadInstitutions(db::Transaction& tx, absl::string_view after, int limit) {
  std::vector<Institution> institutions;
  for (const pqxx::row& row : tx.Query(kLoadInstitutions, after, limit)) institutions.push_back(FromRow(row));
  return institutions;
}

}  // namespace masthead::memberships

#include "services/memberships/members/consent_store.h"

namespace masthead::memberships {
namespace {

constexpr char kLoadConsent[] = R"sql(
  SELECT * FROM consents WHERE member_id = $1 AND topic_id = $2
)sql";

constexpr char kLoadConsents[] = R"sql(
  SELECT * FROM consents WHERE member_id = $1 ORDER BY topic_id
)sql";

constexpr char kSaveConsent[] = R"sql(
  WITH latest AS (
    INSERT INTO consents (member_id, topic_id, granted, source, text_version, revision, record_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (member_id, topic_id) DO UPDATE
    SET granted = $3, source = $4, text_version = $5, revision = $6, record_time = $7
  )
  INSERT INTO consent_history (member_id, topic_id, granted, source, text_version, revision, record_time, principal)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
)sql";

constexpr char kLoadConsentHistory[] = R"sql(
  SELECT * FROM consent_history
  WHERE (member_id = $1 OR member_id IN (SELECT id FROM members WHERE merged_into = $1))
    AND (record_time, topic_id, revision, member_id) < ($2, $3, $4, $5)
  ORDER BY record_time DESC, topic_id DESC, revision DESC, member_id DESC
  LIMIT $6
)sql";

Consent FromRow(const pqxx::row& row) {
  return {.member_id = row["member_id"].as<std::string>(),
          .topic_id = row["topic_id"].as<std::string>(),
          .granted = row["granted"].as<bool>(),
          .source = row["source"].as<std::string>(),
          .text_version = row["text_version"].as<std::string>(),
          .revision = row["revision"].as<int64_t>(),
          .record_time = row["record_time"].as<absl::Time>()};
}

}  // namespace

std::optional<Consent> LoadConsent(db::Transaction& tx, absl::string_view member_id, absl::string_view topic_id) {
  const pqxx::result rows = tx.Query(kLoadConsent, member_id, topic_id);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

std::vector<Consent> LoadConsents(db::Transaction& tx, absl::string_view member_id) {
  std::vector<Consent> consents;
  for (const pqxx::row& row : tx.Query(kLoadConsents, member_id)) consents.push_back(FromRow(row));
  return consents;
}

std::vector<ConsentRecord> LoadConsentHistory(db::Transaction& tx, absl::string_view member_id,
                                              const std::optional<ConsentCursor>& before, int limit) {
  const ConsentCursor start = before.value_or(ConsentCursor{.record_time = absl::InfiniteFuture()});
  std::vector<ConsentRecord> history;
  for (const pqxx::row& row : tx.Query(kLoadConsentHistory, member_id, start.record_time, start.topic_id,
                                       start.revision, start.member_id, limit)) {
    history.push_back({FromRow(row), row["principal"].as<std::string>()});
  }
  return history;
}

void SaveConsent(db::Transaction& tx, const Consent& consent, absl::string_view principal) {
  tx.Query(kSaveConsent, consent.member_id, consent.topic_id, consent.granted, consent.source, consent.text_version,
           consent.revision, consent.record_time, principal);
}

}  // namespace masthead::memberships

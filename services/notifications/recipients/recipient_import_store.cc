#include "services/notifications/recipients/recipient_import_store.h"

#include <map>
#include <optional>
#include <set>

#include "common/ids/uuid.h"

namespace masthead::notifications {
namespace {

// Two imports of one address at the same moment would make two recipients: addresses are not unique, members share
// them.
constexpr char kOneAtATime[] = R"sql(
    SELECT pg_advisory_xact_lock(hashtext('import recipients'))
)sql";

constexpr char kLoadKnown[] = R"sql(
    SELECT DISTINCT ON (e.address_hash) e.address_hash, r.number, r.anonymous
    FROM endpoints e JOIN recipients r ON r.number = e.recipient_number
    WHERE e.address_hash = ANY ($1::bytea[]) AND e.channel = 'EMAIL' AND r.state = 'ACTIVE'
    ORDER BY e.address_hash, r.anonymous, r.number
)sql";

constexpr char kLoadErased[] = R"sql(
    SELECT address_hash FROM suppressions WHERE address_hash = ANY ($1::bytea[]) AND reason = 'ERASED'
)sql";

constexpr char kLoadTopicNumbers[] = R"sql(
    SELECT id, number FROM topics WHERE id = ANY ($1::text[]) AND delete_time IS NULL
)sql";

constexpr char kCountSubscriptions[] = R"sql(
    SELECT recipient_number, count(*) FROM subscriptions WHERE recipient_number = ANY ($1::bigint[]) GROUP BY recipient_number
)sql";

constexpr char kInsertRecipients[] = R"sql(
    INSERT INTO recipients (id, locale, time_zone, anonymous)
    SELECT id, locale, time_zone, true
    FROM unnest($1::text[], $2::text[], $3::text[]) AS n (id, locale, time_zone)
    RETURNING id, number
)sql";

constexpr char kInsertEndpoints[] = R"sql(
    INSERT INTO endpoints (recipient_number, id, mailbox, address_hash)
    SELECT recipient_number, id, mailbox, address_hash
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[]) AS n (recipient_number, id, mailbox, address_hash)
)sql";

// What was ever chosen stays as it is: who left a topic has left it.
constexpr char kInsertSubscriptions[] = R"sql(
    WITH wanted AS (
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
        AS w (recipient_number, topic_number, has_consent, source, ip_hash, text_version, time)
    ), made AS (
      INSERT INTO subscriptions (topic_number, recipient_number, state, source, channels, state_time, create_time)
      SELECT t.number, w.recipient_number, 'ACTIVE', 'IMPORTED', t.default_channels, db_now(), db_now()
      FROM wanted w JOIN topics t ON t.number = w.topic_number
      ORDER BY w.recipient_number, t.number
      ON CONFLICT (topic_number, recipient_number) DO NOTHING
      RETURNING topic_number, recipient_number
    )
    INSERT INTO consents (recipient_number, topic_number, state, source, ip_hash, text_version, time)
    SELECT m.recipient_number, m.topic_number, 'ACTIVE', w.source, w.ip_hash, w.text_version, coalesce(w.time, db_now())
    FROM made m JOIN wanted w ON w.recipient_number = m.recipient_number AND w.topic_number = m.topic_number
    WHERE w.has_consent
)sql";

struct Known {
  int64_t number = 0;
  bool anonymous = false;
};

std::vector<std::string> HashesOf(const std::vector<ImportRow>& rows) {
  std::vector<std::string> hashes;
  for (const ImportRow& row : rows) {
    if (row.refusal.empty()) hashes.push_back(row.address_hash);
  }
  return hashes;
}

std::map<std::string, int64_t> LoadTopicNumbers(db::Transaction& tx, const std::vector<ImportRow>& rows) {
  std::set<std::string> ids;
  for (const ImportRow& row : rows) ids.insert(row.topic_ids.begin(), row.topic_ids.end());
  std::map<std::string, int64_t> numbers;
  for (const pqxx::row& row :
       tx.Query(kLoadTopicNumbers, db::TextArray(std::vector<std::string>(ids.begin(), ids.end())))) {
    numbers[row[0].as<std::string>()] = row[1].as<int64_t>();
  }
  return numbers;
}

void RefuseWhatCannotBe(db::Transaction& tx, const std::map<std::string, Known>& known,
                        const std::map<std::string, int64_t>& topics, std::vector<ImportRow>& rows) {
  std::set<std::string> erased;
  for (const pqxx::row& row : tx.Query(kLoadErased, db::BytesArray(HashesOf(rows))))
    erased.insert(db::ReadBytes(row[0]));
  std::vector<int64_t> numbers;
  for (const auto& [hash, one] : known) numbers.push_back(one.number);
  std::map<int64_t, int64_t> subscriptions;
  for (const pqxx::row& row : tx.Query(kCountSubscriptions, db::Int64Array(numbers))) {
    subscriptions[row[0].as<int64_t>()] = row[1].as<int64_t>();
  }
  for (ImportRow& row : rows) {
    if (!row.refusal.empty()) continue;
    const auto one = known.find(row.address_hash);
    if (erased.contains(row.address_hash)) row.refusal = "ERASED_ADDRESS";
    if (one != known.end() && !one->second.anonymous) row.refusal = "RECIPIENT_OF_A_MEMBER";
    if (one != known.end() &&
        subscriptions[one->second.number] + static_cast<int64_t>(row.topic_ids.size()) > kMaxSubscriptions) {
      row.refusal = "TOO_MANY_SUBSCRIPTIONS";
    }
    for (const std::string& topic : row.topic_ids) {
      if (!topics.contains(topic)) row.refusal = "TOPIC_NOT_FOUND";
    }
  }
}

// Makes recipients of those who are not known, and makes them known.
int64_t InsertNew(db::Transaction& tx, const std::vector<ImportRow>& rows, std::map<std::string, Known>& known) {
  std::vector<std::string> ids, locales, time_zones, mailboxes, hashes;
  for (const ImportRow& row : rows) {
    if (!row.refusal.empty() || known.contains(row.address_hash)) continue;
    ids.push_back(ids::NewUuid());
    locales.push_back(row.locale);
    time_zones.push_back(row.time_zone);
    mailboxes.push_back(row.mailbox);
    hashes.push_back(row.address_hash);
  }
  if (ids.empty()) return 0;
  std::map<std::string, int64_t> numbers;
  for (const pqxx::row& row :
       tx.Query(kInsertRecipients, db::TextArray(ids), db::TextArray(locales), db::TextArray(time_zones))) {
    numbers[row[0].as<std::string>()] = row[1].as<int64_t>();
  }
  std::vector<int64_t> owners;
  std::vector<std::string> endpoint_ids;
  for (size_t i = 0; i < ids.size(); ++i) {
    owners.push_back(numbers.at(ids[i]));
    endpoint_ids.push_back(ids::NewUuid());
    known[hashes[i]] = {.number = owners.back(), .anonymous = true};
  }
  tx.Query(kInsertEndpoints, db::Int64Array(owners), db::TextArray(endpoint_ids), db::TextArray(mailboxes),
           db::BytesArray(hashes));
  return static_cast<int64_t>(ids.size());
}

void InsertSubscriptions(db::Transaction& tx, const std::vector<ImportRow>& rows,
                         const std::map<std::string, Known>& known, const std::map<std::string, int64_t>& topics) {
  std::vector<int64_t> recipients, topic_numbers;
  std::vector<bool> has_consent;
  std::vector<std::string> sources, ip_hashes, text_versions;
  std::vector<std::optional<absl::Time>> times;
  for (const ImportRow& row : rows) {
    if (!row.refusal.empty()) continue;
    for (const std::string& topic : row.topic_ids) {
      recipients.push_back(known.at(row.address_hash).number);
      topic_numbers.push_back(topics.at(topic));
      has_consent.push_back(row.has_consent);
      sources.push_back(row.consent.source);
      ip_hashes.push_back(row.consent.ip_hash);
      text_versions.push_back(row.consent.text_version);
      times.push_back(row.consent.time == absl::InfinitePast() ? std::nullopt : std::optional(row.consent.time));
    }
  }
  if (recipients.empty()) return;
  tx.Query(kInsertSubscriptions, db::Int64Array(recipients), db::Int64Array(topic_numbers), db::BoolArray(has_consent),
           db::TextArray(sources), db::TextArray(ip_hashes), db::TextArray(text_versions), db::TimeArray(times));
}

}  // namespace

ImportCounts ImportRows(db::Transaction& tx, std::vector<ImportRow>& rows) {
  tx.Query(kOneAtATime);
  std::map<std::string, Known> known;
  for (const pqxx::row& row : tx.Query(kLoadKnown, db::BytesArray(HashesOf(rows)))) {
    known[db::ReadBytes(row[0])] = {.number = row[1].as<int64_t>(), .anonymous = row[2].as<bool>()};
  }
  const std::map<std::string, int64_t> topics = LoadTopicNumbers(tx, rows);
  RefuseWhatCannotBe(tx, known, topics, rows);
  ImportCounts counts;
  for (const ImportRow& row : rows) counts.known += row.refusal.empty() && known.contains(row.address_hash) ? 1 : 0;
  counts.created = InsertNew(tx, rows, known);
  InsertSubscriptions(tx, rows, known, topics);
  return counts;
}

}  // namespace masthead::notifications

#include "services/notifications/audience/audience_store.h"

#include <set>

#include "absl/strings/str_join.h"
#include "common/crypto/mac.h"
#include "common/text/text.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/recipients/recipient_store.h"

namespace masthead::notifications {
namespace {

constexpr char kSaveRecipients[] = R"sql(
    INSERT INTO recipients (id, locale, time_zone, tiers)
    SELECT id, locale, time_zone, string_to_array(tiers, ',')
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS e (id, locale, time_zone, tiers)
    ORDER BY id
    ON CONFLICT (id) DO UPDATE
    SET locale = excluded.locale, time_zone = excluded.time_zone, tiers = excluded.tiers, state = 'ACTIVE', seen_time = db_now(),
        update_time = CASE WHEN (recipients.locale, recipients.time_zone, recipients.tiers, recipients.state)
                                = (excluded.locale, excluded.time_zone, excluded.tiers, 'ACTIVE')
                           THEN recipients.update_time ELSE db_now() END
)sql";

constexpr char kRemoveAddresses[] = R"sql(
    DELETE FROM endpoints e
    USING recipients r
    WHERE e.recipient_number = r.number AND r.id = ANY ($1::text[]) AND e.id = 'email'
)sql";

constexpr char kSaveEndpoints[] = R"sql(
    INSERT INTO endpoints (recipient_number, id, mailbox, address_hash)
    SELECT r.number, 'email', e.mailbox, e.address_hash
    FROM unnest($1::text[], $2::text[], $3::bytea[]) AS e (recipient_id, mailbox, address_hash)
    JOIN recipients r ON r.id = e.recipient_id
    ON CONFLICT (recipient_number, id) DO UPDATE
    SET mailbox = excluded.mailbox, address_hash = excluded.address_hash
    WHERE (endpoints.mailbox, endpoints.address_hash) <> (excluded.mailbox, excluded.address_hash)
)sql";

constexpr char kMarkSharedAddresses[] = R"sql(
    UPDATE endpoints
    SET shares_address = true
    WHERE NOT shares_address
      AND address_hash IN (SELECT address_hash
                           FROM endpoints
                           WHERE address_hash = ANY ($1::bytea[])
                           GROUP BY address_hash
                           HAVING count(*) > 1)
)sql";

constexpr char kSaveConsents[] = R"sql(
    INSERT INTO subscriptions (topic_number, recipient_number, state, source, channels, state_time, create_time)
    SELECT t.number, r.number, CASE WHEN c.granted THEN 'ACTIVE' ELSE 'UNSUBSCRIBED' END, 'CONSENT', t.default_channels, c.record_time, db_now()
    FROM unnest($1::text[], $2::text[], $3::boolean[], $4::timestamptz[]) AS c (recipient_id, topic_id, granted, record_time)
    JOIN recipients r ON r.id = c.recipient_id
    JOIN topics t ON t.id = c.topic_id
    ORDER BY r.number, t.number
    ON CONFLICT (topic_number, recipient_number) DO UPDATE
    SET state = excluded.state, source = excluded.source, state_time = excluded.state_time, revision = subscriptions.revision + 1
    WHERE excluded.state_time > subscriptions.state_time
       OR (excluded.state_time = subscriptions.state_time AND excluded.state = 'UNSUBSCRIBED'
           AND subscriptions.state <> 'UNSUBSCRIBED')
)sql";

constexpr char kLoadMembersUnseenSince[] = R"sql(
    SELECT id FROM recipients WHERE seen_time < $1 AND state = 'ACTIVE' AND NOT anonymous LIMIT $2
)sql";

// Of those whose topics are told in the inbox too.
constexpr char kMakeInboxes[] = R"sql(
    INSERT INTO endpoints (recipient_number, id, channel, mailbox, address_hash)
    SELECT DISTINCT r.number, 'inbox', 'INBOX'::channel, '', sha256(convert_to('INBOX ' || r.id, 'UTF8'))
    FROM unnest($1::text[], $2::text[]) AS c (recipient_id, topic_id)
    JOIN recipients r ON r.id = c.recipient_id
    JOIN topics t ON t.id = c.topic_id AND t.default_channels & 32 <> 0
    ON CONFLICT (recipient_number, id) DO NOTHING
)sql";

// Whoever was erased and comes back as a member, with an address that memberships has seen proven, wants letters again.
constexpr char kWelcomeBack[] = R"sql(
    DELETE FROM suppressions x
    USING unnest($1::text[], $2::boolean[], $3::timestamptz[]) AS c (recipient_id, granted, record_time), recipients r, endpoints e
    WHERE c.granted AND r.id = c.recipient_id AND e.recipient_number = r.number AND e.id = 'email'
      AND x.address_hash = e.address_hash AND x.reason = 'ERASED' AND x.create_time < c.record_time
)sql";

void SaveAddresses(db::Transaction& tx, const std::vector<AudienceEntry>& entries) {
  std::vector<std::string> ids, mailboxes, hashes, unreachable;
  for (const AudienceEntry& entry : entries) {
    const absl::StatusOr<std::string> mailbox = text::MailboxAddress(entry.email);
    const absl::StatusOr<std::string> canonical = text::NormalizeEmail(entry.email);
    if (!mailbox.ok() || !canonical.ok()) {
      unreachable.push_back(entry.member_id);
      continue;
    }
    ids.push_back(entry.member_id);
    mailboxes.push_back(*mailbox);
    hashes.push_back(crypto::Sha256(*canonical));
  }
  if (!unreachable.empty()) tx.Query(kRemoveAddresses, db::TextArray(unreachable));
  if (ids.empty()) return;
  tx.Query(kSaveEndpoints, db::TextArray(ids), db::TextArray(mailboxes), db::BytesArray(hashes));
  tx.Query(kMarkSharedAddresses, db::BytesArray(hashes));
}

void SaveConsents(db::Transaction& tx, const std::vector<AudienceEntry>& entries) {
  std::vector<std::string> ids, topics;
  std::vector<bool> granted;
  std::vector<absl::Time> times;
  for (const AudienceEntry& entry : entries) {
    for (const ConsentEntry& consent : entry.consents) {
      ids.push_back(entry.member_id);
      topics.push_back(consent.topic_id);
      granted.push_back(consent.granted);
      times.push_back(consent.record_time);
    }
  }
  if (ids.empty()) return;
  const std::set<std::string> distinct(topics.begin(), topics.end());
  InsertTopicsFirstSeen(tx, {distinct.begin(), distinct.end()});
  tx.Query(kSaveConsents, db::TextArray(ids), db::TextArray(topics), db::BoolArray(granted), db::TimeArray(times));
  tx.Query(kMakeInboxes, db::TextArray(ids), db::TextArray(topics));
  tx.Query(kWelcomeBack, db::TextArray(ids), db::BoolArray(granted), db::TimeArray(times));
}

}  // namespace

void SaveAudience(db::Transaction& tx, const std::vector<AudienceEntry>& entries) {
  if (entries.empty()) return;
  std::vector<std::string> ids, locales, time_zones, tiers;
  for (const AudienceEntry& entry : entries) {
    ids.push_back(entry.member_id);
    locales.push_back(entry.locale);
    time_zones.push_back(entry.time_zone);
    tiers.push_back(absl::StrJoin(entry.tiers, ","));
  }
  tx.Query(kSaveRecipients, db::TextArray(ids), db::TextArray(locales), db::TextArray(time_zones),
           db::TextArray(tiers));
  SaveAddresses(tx, entries);
  SaveConsents(tx, entries);
}

void EraseMembers(db::Transaction& tx, const std::vector<std::string>& member_ids) { EraseRecipients(tx, member_ids); }

std::vector<std::string> LoadMembersUnseenSince(db::Transaction& tx, absl::Time time, int limit) {
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx.Query(kLoadMembersUnseenSince, time, limit)) ids.push_back(row[0].as<std::string>());
  return ids;
}

}  // namespace masthead::notifications

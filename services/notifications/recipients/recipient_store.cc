#include "services/notifications/recipients/recipient_store.h"

#include "services/notifications/inbox/inbox_store.h"

namespace masthead::notifications {
namespace {

constexpr char kInsertRecipient[] = R"sql(
    INSERT INTO recipients (id, locale, time_zone, anonymous)
    VALUES ($1, $2, $3, true)
    RETURNING number, create_time
)sql";

constexpr char kSaveRecipient[] = R"sql(
    UPDATE recipients
    SET locale = $2, time_zone = $3, revision = revision + 1, update_time = db_now()
    WHERE number = $1
    RETURNING revision, update_time
)sql";

constexpr char kLoadRecipients[] = R"sql(
    SELECT number, id, anonymous, locale, time_zone, state, revision, create_time, update_time
    FROM recipients
    WHERE number > $1 AND (anonymous OR NOT $2)
    ORDER BY number
    LIMIT $3
)sql";

constexpr char kForgetRecipients[] = R"sql(
    UPDATE recipients
    SET state = 'DELETED', locale = '', time_zone = '', tiers = '{}', revision = revision + 1, update_time = db_now(), seen_time = db_now()
    WHERE id = ANY ($1::text[])
)sql";

// A suppression that is there already says why for itself.
constexpr char kSuppressErased[] = R"sql(
    INSERT INTO suppressions (address_hash, reason)
    SELECT DISTINCT e.address_hash, 'ERASED'
    FROM endpoints e JOIN recipients r ON r.number = e.recipient_number
    WHERE r.id = ANY ($1::text[]) AND e.channel IN ('EMAIL', 'SMS')
    ON CONFLICT (address_hash) DO NOTHING
)sql";

constexpr char kRemoveEndpoints[] = R"sql(
    DELETE FROM endpoints USING recipients r WHERE recipient_number = r.number AND r.id = ANY ($1::text[])
)sql";

constexpr char kRemoveSubscriptions[] = R"sql(
    DELETE FROM subscriptions USING recipients r WHERE recipient_number = r.number AND r.id = ANY ($1::text[])
)sql";

constexpr char kRemoveConsents[] = R"sql(
    DELETE FROM consents USING recipients r WHERE recipient_number = r.number AND r.id = ANY ($1::text[])
)sql";

constexpr char kRemovePreferences[] = R"sql(
    DELETE FROM preferences USING recipients r WHERE recipient_number = r.number AND r.id = ANY ($1::text[])
)sql";

constexpr char kRemoveTold[] = R"sql(
    DELETE FROM told USING recipients r WHERE recipient_number = r.number AND r.id = ANY ($1::text[])
)sql";

// Message by message, along the index that an endpoint stands in: there is none by recipient, for the fan-out's sake.
constexpr char kLoadDeliveries[] = R"sql(
    SELECT m.id, d.state::text AS state, m.create_time
    FROM (SELECT number, id, create_time FROM messages WHERE lane <> 'CRITICAL' ORDER BY number DESC LIMIT $2) m
    JOIN deliveries d ON d.message_number = m.number AND d.endpoint_number = ANY (ARRAY(SELECT number FROM endpoints WHERE recipient_number = $1))
    ORDER BY m.number DESC
)sql";

}  // namespace

void InsertRecipient(db::Transaction& tx, Recipient& recipient) {
  recipient.anonymous = true;
  const pqxx::result rows = tx.Query(kInsertRecipient, recipient.id, recipient.locale, recipient.time_zone);
  recipient.number = rows[0]["number"].as<int64_t>();
  recipient.create_time = recipient.update_time = rows[0]["create_time"].as<absl::Time>();
}

void SaveRecipient(db::Transaction& tx, Recipient& recipient) {
  const pqxx::result rows = tx.Query(kSaveRecipient, recipient.number, recipient.locale, recipient.time_zone);
  recipient.revision = rows[0]["revision"].as<int64_t>();
  recipient.update_time = rows[0]["update_time"].as<absl::Time>();
}

std::vector<Recipient> LoadRecipients(db::Transaction& tx, int64_t after, bool anonymous_only, int limit) {
  std::vector<Recipient> recipients;
  for (const pqxx::row& row : tx.Query(kLoadRecipients, after, anonymous_only, limit)) {
    recipients.push_back({.number = row["number"].as<int64_t>(),
                          .id = row["id"].as<std::string>(),
                          .anonymous = row["anonymous"].as<bool>(),
                          .locale = row["locale"].as<std::string>(),
                          .time_zone = row["time_zone"].as<std::string>(),
                          .state = row["state"].as<std::string>(),
                          .revision = row["revision"].as<int64_t>(),
                          .create_time = row["create_time"].as<absl::Time>(),
                          .update_time = row["update_time"].as<absl::Time>()});
  }
  return recipients;
}

void EraseRecipients(db::Transaction& tx, const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  const db::TextArray who(ids);
  tx.Query(kForgetRecipients, who);
  tx.Query(kSuppressErased, who);
  tx.Query(kRemoveEndpoints, who);
  tx.Query(kRemoveSubscriptions, who);
  tx.Query(kRemoveConsents, who);
  tx.Query(kRemovePreferences, who);
  tx.Query(kRemoveTold, who);
  EraseInboxes(tx, ids);
}

std::vector<RecipientDelivery> LoadDeliveriesOf(db::Transaction& tx, int64_t recipient_number, int messages) {
  std::vector<RecipientDelivery> deliveries;
  for (const pqxx::row& row : tx.Query(kLoadDeliveries, recipient_number, messages)) {
    deliveries.push_back({.message_id = row["id"].as<std::string>(),
                          .state = row["state"].as<std::string>(),
                          .message_time = row["create_time"].as<absl::Time>()});
  }
  return deliveries;
}

}  // namespace masthead::notifications

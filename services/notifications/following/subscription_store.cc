#include "services/notifications/following/subscription_store.h"

namespace masthead::notifications {
namespace {

std::optional<Recipient> FirstRecipient(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  return Recipient{.number = row["number"].as<int64_t>(),
                   .id = row["id"].as<std::string>(),
                   .anonymous = row["anonymous"].as<bool>(),
                   .locale = row["locale"].as<std::string>(),
                   .time_zone = row["time_zone"].as<std::string>(),
                   .state = row["state"].as<std::string>(),
                   .revision = row["revision"].as<int64_t>(),
                   .create_time = row["create_time"].as<absl::Time>(),
                   .update_time = row["update_time"].as<absl::Time>()};
}

std::optional<Consent> ConsentOf(const pqxx::row& row) {
  if (row["consent_time"].is_null()) return std::nullopt;
  return Consent{.source = row["consent_source"].as<std::string>(),
                 .ip_hash = row["ip_hash"].as<std::string>(),
                 .text_version = row["text_version"].as<std::string>(),
                 .time = row["consent_time"].as<absl::Time>()};
}

Subscription FromRow(const pqxx::row& row) {
  return {.recipient_id = row["recipient_id"].as<std::string>(),
          .anonymous = row["anonymous"].as<bool>(),
          .topic_id = row["topic_id"].as<std::string>(),
          .state = row["state"].as<std::string>(),
          .source = row["source"].as<std::string>(),
          .channels = row["channels"].as<int16_t>(),
          .cadence = {.kind = row["cadence"].as<std::string>(),
                      .minute = row["cadence_minute"].as<int>(),
                      .day = row["cadence_day"].as<int>()},
          .consent = ConsentOf(row),
          .state_time = row["state_time"].as<absl::Time>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .revision = row["revision"].as<int64_t>()};
}

// With the newest consent, if there is one.
#define SUBSCRIPTION_SELECT                                                                                         \
  "SELECT r.id AS recipient_id, r.anonymous, t.id AS topic_id, s.state, s.source, s.channels, s.cadence, "          \
  "s.cadence_minute, "                                                                                              \
  "s.cadence_day, s.state_time, s.create_time, s.revision, c.source AS consent_source, c.ip_hash, c.text_version, " \
  "c.time AS consent_time FROM subscriptions s JOIN topics t ON t.number = s.topic_number "                         \
  "JOIN recipients r ON r.number = s.recipient_number "                                                             \
  "LEFT JOIN LATERAL (SELECT * FROM consents WHERE recipient_number = s.recipient_number AND topic_number = "       \
  "s.topic_number "                                                                                                 \
  "ORDER BY number DESC LIMIT 1) c ON true "

constexpr char kLoadRecipient[] = R"sql(
    SELECT number, id, anonymous, locale, time_zone, state, revision, create_time, update_time
    FROM recipients
    WHERE id = $1 AND ($2::text IS NULL OR id = $2)
)sql";

constexpr char kLoadRecipientByNumber[] = R"sql(
    SELECT number, id, anonymous, locale, time_zone, state, revision, create_time, update_time
    FROM recipients
    WHERE number = $1
)sql";

constexpr char kLockRecipient[] = R"sql(
    SELECT number, id, anonymous, locale, time_zone, state, revision, create_time, update_time
    FROM recipients
    WHERE id = $1 AND ($2::text IS NULL OR id = $2)
    FOR NO KEY UPDATE
)sql";

constexpr char kLockRecipientByNumber[] = R"sql(
    SELECT number, id, anonymous, locale, time_zone, state, revision, create_time, update_time
    FROM recipients
    WHERE number = $1
    FOR NO KEY UPDATE
)sql";

constexpr char kLoadSubscriptions[] =
    SUBSCRIPTION_SELECT "WHERE s.recipient_number = $1 AND t.id > $2 ORDER BY t.id LIMIT $3";

constexpr char kLoadSubscription[] = SUBSCRIPTION_SELECT "WHERE s.recipient_number = $1 AND s.topic_number = $2";

constexpr char kLoadNamedSubscriptions[] = SUBSCRIPTION_SELECT
    "JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY AS n (recipient_id, topic_id, place) "
    "ON n.recipient_id = r.id AND n.topic_id = t.id WHERE $3::text IS NULL OR r.id = $3 ORDER BY n.place";

#undef SUBSCRIPTION_SELECT

constexpr char kCountSubscriptions[] = R"sql(
    SELECT count(*) FROM subscriptions WHERE recipient_number = $1
)sql";

constexpr char kSaveChoice[] = R"sql(
    INSERT INTO subscriptions (topic_number, recipient_number, state, source, channels, cadence, cadence_minute, cadence_day,
                               state_time, create_time)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, db_now(), db_now())
    ON CONFLICT (topic_number, recipient_number) DO UPDATE
    SET state = excluded.state, source = excluded.source, channels = excluded.channels, cadence = excluded.cadence,
        cadence_minute = excluded.cadence_minute, cadence_day = excluded.cadence_day, revision = subscriptions.revision + 1,
        -- The newest word counts; a clock that stands behind the other service's does not make ours older.
        state_time = greatest(excluded.state_time, subscriptions.state_time)
)sql";

constexpr char kInsertConsent[] = R"sql(
    INSERT INTO consents (recipient_number, topic_number, state, source, ip_hash, text_version, time)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
)sql";

constexpr char kLoadConsents[] = R"sql(
    SELECT t.id AS topic_id, c.state, c.source AS consent_source, c.ip_hash, c.text_version, c.time AS consent_time
    FROM consents c JOIN topics t ON t.number = c.topic_number
    WHERE c.recipient_number = $1
    ORDER BY c.number DESC
    LIMIT $2
)sql";

}  // namespace

std::optional<Recipient> LoadRecipient(db::Transaction& tx, absl::string_view id,
                                       const std::optional<std::string>& only_id) {
  return FirstRecipient(tx.Query(kLoadRecipient, id, only_id));
}

std::optional<Recipient> LoadRecipient(db::Transaction& tx, int64_t number) {
  return FirstRecipient(tx.Query(kLoadRecipientByNumber, number));
}

std::optional<Recipient> LockRecipient(db::Transaction& tx, absl::string_view id,
                                       const std::optional<std::string>& only_id) {
  return FirstRecipient(tx.Query(kLockRecipient, id, only_id));
}

std::optional<Recipient> LockRecipient(db::Transaction& tx, int64_t number) {
  return FirstRecipient(tx.Query(kLockRecipientByNumber, number));
}

std::vector<Subscription> LoadSubscriptions(db::Transaction& tx, const Recipient& recipient,
                                            absl::string_view after_topic, int limit) {
  std::vector<Subscription> subscriptions;
  for (const pqxx::row& row : tx.Query(kLoadSubscriptions, recipient.number, after_topic, limit)) {
    subscriptions.push_back(FromRow(row));
  }
  return subscriptions;
}

std::optional<Subscription> LoadSubscription(db::Transaction& tx, const Recipient& recipient, const Topic& topic) {
  const pqxx::result rows = tx.Query(kLoadSubscription, recipient.number, topic.number);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

int64_t CountSubscriptions(db::Transaction& tx, const Recipient& recipient) {
  return tx.Query(kCountSubscriptions, recipient.number)[0][0].as<int64_t>();
}

std::vector<Subscription> LoadSubscriptions(db::Transaction& tx, const std::vector<std::string>& recipient_ids,
                                            const std::vector<std::string>& topic_ids,
                                            const std::optional<std::string>& only_id) {
  std::vector<Subscription> subscriptions;
  for (const pqxx::row& row :
       tx.Query(kLoadNamedSubscriptions, db::TextArray(recipient_ids), db::TextArray(topic_ids), only_id)) {
    subscriptions.push_back(FromRow(row));
  }
  return subscriptions;
}

Choice SaveChoice(db::Transaction& tx, const Recipient& recipient, const Topic& topic, const Subscription& wanted,
                  const std::optional<Consent>& consent) {
  const std::optional<Subscription> before = LoadSubscription(tx, recipient, topic);
  tx.Query(kSaveChoice, topic.number, recipient.number, wanted.state, wanted.source, wanted.channels,
           wanted.cadence.kind, wanted.cadence.minute, wanted.cadence.day);
  if (consent) {
    tx.Query(kInsertConsent, recipient.number, topic.number, wanted.state, consent->source, consent->ip_hash,
             consent->text_version, consent->time);
  }
  return {.subscription = LoadSubscription(tx, recipient, topic).value(),
          .changed = !before || before->state != wanted.state};
}

Choice SaveState(db::Transaction& tx, const Recipient& recipient, const Topic& topic, absl::string_view state,
                 absl::string_view source) {
  Subscription wanted = LoadSubscription(tx, recipient, topic).value_or(FirstChoice(recipient, topic));
  wanted.state = std::string(state);
  wanted.source = std::string(source);
  return SaveChoice(tx, recipient, topic, wanted);
}

std::vector<RecordedConsent> LoadConsents(db::Transaction& tx, const Recipient& recipient, int limit) {
  std::vector<RecordedConsent> consents;
  for (const pqxx::row& row : tx.Query(kLoadConsents, recipient.number, limit)) {
    consents.push_back({.topic_id = row["topic_id"].as<std::string>(),
                        .state = row["state"].as<std::string>(),
                        .consent = ConsentOf(row).value()});
  }
  return consents;
}

}  // namespace masthead::notifications

#include "services/notifications/following/subscription_store.h"

namespace masthead::notifications {
namespace {

std::optional<Recipient> FirstRecipient(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  return Recipient{.number = row["number"].as<int64_t>(),
                   .id = row["id"].as<std::string>(),
                   .locale = row["locale"].as<std::string>(),
                   .time_zone = row["time_zone"].as<std::string>(),
                   .state = row["state"].as<std::string>(),
                   .create_time = row["create_time"].as<absl::Time>(),
                   .update_time = row["update_time"].as<absl::Time>()};
}

Subscription FromRow(const pqxx::row& row, const Recipient& recipient) {
  return {.recipient_id = recipient.id,
          .topic_id = row["topic_id"].as<std::string>(),
          .state = row["state"].as<std::string>(),
          .source = row["source"].as<std::string>(),
          .state_time = row["state_time"].as<absl::Time>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .revision = row["revision"].as<int64_t>()};
}

constexpr char kLoadRecipient[] = R"sql(
    SELECT number, id, locale, time_zone, state, create_time, update_time
    FROM recipients
    WHERE id = $1 AND ($2::text IS NULL OR id = $2)
)sql";

constexpr char kLoadRecipientByNumber[] = R"sql(
    SELECT number, id, locale, time_zone, state, create_time, update_time
    FROM recipients
    WHERE number = $1
)sql";

constexpr char kLockRecipient[] = R"sql(
    SELECT number, id, locale, time_zone, state, create_time, update_time
    FROM recipients
    WHERE id = $1 AND ($2::text IS NULL OR id = $2)
    FOR NO KEY UPDATE
)sql";

constexpr char kLockRecipientByNumber[] = R"sql(
    SELECT number, id, locale, time_zone, state, create_time, update_time
    FROM recipients
    WHERE number = $1
    FOR NO KEY UPDATE
)sql";

constexpr char kLoadSubscriptions[] = R"sql(
    SELECT t.id AS topic_id, s.state, s.source, s.state_time, s.create_time, s.revision
    FROM subscriptions s JOIN topics t ON t.number = s.topic_number
    WHERE s.recipient_number = $1 AND t.id > $2
    ORDER BY t.id
    LIMIT $3
)sql";

constexpr char kLoadSubscription[] = R"sql(
    SELECT t.id AS topic_id, s.state, s.source, s.state_time, s.create_time, s.revision
    FROM subscriptions s JOIN topics t ON t.number = s.topic_number
    WHERE s.recipient_number = $1 AND s.topic_number = $2
)sql";

constexpr char kCountSubscriptions[] = R"sql(
    SELECT count(*) FROM subscriptions WHERE recipient_number = $1
)sql";

constexpr char kSaveChoice[] = R"sql(
    INSERT INTO subscriptions (topic_number, recipient_number, state, source, state_time, create_time)
    VALUES ($1, $2, $3, $4, db_now(), db_now())
    ON CONFLICT (topic_number, recipient_number) DO UPDATE
    SET state = excluded.state, source = excluded.source, revision = subscriptions.revision + 1,
        -- The newest word counts; a clock that stands behind the other service's does not make ours older.
        state_time = greatest(excluded.state_time, subscriptions.state_time)
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
    subscriptions.push_back(FromRow(row, recipient));
  }
  return subscriptions;
}

std::optional<Subscription> LoadSubscription(db::Transaction& tx, const Recipient& recipient, const Topic& topic) {
  const pqxx::result rows = tx.Query(kLoadSubscription, recipient.number, topic.number);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front(), recipient);
}

int64_t CountSubscriptions(db::Transaction& tx, const Recipient& recipient) {
  return tx.Query(kCountSubscriptions, recipient.number)[0][0].as<int64_t>();
}

Choice SaveChoice(db::Transaction& tx, const Recipient& recipient, const Topic& topic, absl::string_view state,
                  absl::string_view source) {
  const std::optional<Subscription> before = LoadSubscription(tx, recipient, topic);
  tx.Query(kSaveChoice, topic.number, recipient.number, state, source);
  return {.subscription = LoadSubscription(tx, recipient, topic).value(), .changed = !before || before->state != state};
}

}  // namespace masthead::notifications

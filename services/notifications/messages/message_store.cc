#include "services/notifications/messages/message_store.h"

#include "services/notifications/messages/values_json.h"

namespace masthead::notifications {
namespace {

// Counts of candidates come from the fan-out while it lasts, counts of outcomes from the counters.
#define MESSAGE_SELECT                                                                                                \
  "SELECT m.number, m.id, m.dedupe_key, m.state, m.lane, m.duplicate_policy, m.template, m.template_revision, "       \
  "m.article, m.headline, m.dek, m.byline, m.url, m.contact_address, m.language_code, "                               \
  "m.source, m.category, m.channels, m.campaign, m.template_values, m.route, m.rate_per_minute, "                     \
  "m.create_time, m.expire_time, m.prepare_time, m.finish_time, m.failure, m.revision, "                              \
  "coalesce(f.candidates, m.candidates) AS candidates, coalesce(f.deliveries, m.deliveries) AS deliveries, "          \
  "coalesce(f.exclusions, m.exclusions) AS exclusions, "                                                              \
  "c.sent, c.failed, c.expired, c.cancelled, c.uncertain, c.delivered, c.bounced, c.complained, "                     \
  "m.resumed_sent, m.resumed_failed, m.resumed_bounced, m.resumed_complained, "                                       \
  "coalesce((SELECT a.digest_time FROM audiences a WHERE a.message_number = m.number), '-infinity') AS digest_time, " \
  "ARRAY(SELECT t.id FROM topics t WHERE t.number = ANY (m.topics) ORDER BY array_position(m.topics, t.number)) "     \
  "AS topic_ids "                                                                                                     \
  "FROM messages m LEFT JOIN fanouts f ON f.message_number = m.number CROSS JOIN LATERAL ("                           \
  "SELECT coalesce(sum(sent), 0)::bigint AS sent, coalesce(sum(failed), 0)::bigint AS failed, "                       \
  "coalesce(sum(expired), 0)::bigint AS expired, coalesce(sum(cancelled), 0)::bigint AS cancelled, "                  \
  "coalesce(sum(uncertain), 0)::bigint AS uncertain, coalesce(sum(delivered), 0)::bigint AS delivered, "              \
  "coalesce(sum(bounced), 0)::bigint AS bounced, coalesce(sum(complained), 0)::bigint AS complained FROM counters "   \
  "WHERE message_number = m.number) c "

Message FromRow(const pqxx::row& row) {
  Message message;
  message.number = row["number"].as<int64_t>();
  message.id = row["id"].as<std::string>();
  message.dedupe_key = row["dedupe_key"].as<std::string>();
  message.state = row["state"].as<std::string>();
  message.lane = row["lane"].as<std::string>();
  message.duplicate_policy = row["duplicate_policy"].as<std::string>();
  message.topics = db::ReadTextArray(row["topic_ids"]);
  message.template_id = row["template"].as<std::string>();
  message.template_revision = row["template_revision"].as<int>();
  message.source = row["source"].as<std::string>();
  message.category = row["category"].as<std::string>();
  message.channels = row["channels"].as<Channels>();
  message.campaign = row["campaign"].as<std::string>();
  message.values = ValuesFromJson(row["template_values"].as<std::string>());
  message.route = row["route"].as<std::string>();
  message.rate_per_minute = row["rate_per_minute"].as<int>();
  message.alert = {.article = row["article"].as<std::string>(),
                   .headline = row["headline"].as<std::string>(),
                   .dek = row["dek"].as<std::string>(),
                   .byline = row["byline"].as<std::string>(),
                   .url = row["url"].as<std::string>(),
                   .contact_address = row["contact_address"].as<std::string>(),
                   .language_code = row["language_code"].as<std::string>()};
  message.counts = {.candidates = row["candidates"].as<int64_t>(),
                    .deliveries = row["deliveries"].as<int64_t>(),
                    .exclusions = row["exclusions"].as<int64_t>(),
                    .sent = row["sent"].as<int64_t>(),
                    .failed = row["failed"].as<int64_t>(),
                    .expired = row["expired"].as<int64_t>(),
                    .cancelled = row["cancelled"].as<int64_t>(),
                    .uncertain = row["uncertain"].as<int64_t>(),
                    .delivered = row["delivered"].as<int64_t>(),
                    .bounced = row["bounced"].as<int64_t>(),
                    .complained = row["complained"].as<int64_t>()};
  message.counts_when_resumed.sent = row["resumed_sent"].as<int64_t>();
  message.counts_when_resumed.failed = row["resumed_failed"].as<int64_t>();
  message.counts_when_resumed.bounced = row["resumed_bounced"].as<int64_t>();
  message.counts_when_resumed.complained = row["resumed_complained"].as<int64_t>();
  message.digest_time = row["digest_time"].as<absl::Time>();
  message.create_time = row["create_time"].as<absl::Time>();
  message.expire_time = row["expire_time"].as<absl::Time>();
  message.prepare_time = row["prepare_time"].as<std::optional<absl::Time>>();
  message.finish_time = row["finish_time"].as<std::optional<absl::Time>>();
  message.failure = row["failure"].as<std::string>();
  message.revision = row["revision"].as<int64_t>();
  return message;
}

std::vector<Message> FromRows(const pqxx::result& rows) {
  std::vector<Message> messages;
  for (const pqxx::row& row : rows) messages.push_back(FromRow(row));
  return messages;
}

std::optional<Message> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

constexpr char kInsertMessage[] = R"sql(
    INSERT INTO messages (id, dedupe_key, state, lane, duplicate_policy, topics, template, template_revision, article, headline, dek,
                          byline, url, contact_address, language_code, source, category, channels, campaign, template_values, route,
                          rate_per_minute, create_time, expire_time)
    VALUES ($1, $2, 'PREPARING', $3::lane, $4, $5::integer[], $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
            $22, $23)
    ON CONFLICT (dedupe_key) DO NOTHING
    RETURNING number
)sql";

// The edge freezes the audience.
constexpr char kInsertFanout[] = R"sql(
    INSERT INTO fanouts (message_number, lane, topics, edge, frozen_time, start_time)
    SELECT number, lane, topics, coalesce((SELECT max(number) FROM recipients), 0), create_time, $2
    FROM messages
    WHERE number = $1
)sql";

constexpr char kInsertLetterMessage[] = R"sql(
    INSERT INTO messages (id, dedupe_key, state, lane, duplicate_policy, topics, template, template_revision, article, headline, dek,
                          byline, url, contact_address, language_code, source, category, candidates, deliveries, create_time, expire_time,
                          prepare_time)
    VALUES ($1, $2, 'SENDING', $3::lane, $4, '{}', $5, $6, '', '', '', '', '', '', '', 'LETTER', 'TRANSACTIONAL', 1, 1, $7, $8, $7)
    ON CONFLICT (dedupe_key) DO NOTHING
    RETURNING number
)sql";

constexpr char kInsertOnlyDelivery[] = R"sql(
    INSERT INTO deliveries (message_number, seq, recipient_number, endpoint_number, topic_number)
    VALUES ($1, 1, $2, $3, 0)
)sql";

constexpr char kInsertOnlyChunk[] = R"sql(
    INSERT INTO chunks (message_number, chunk_no, lane, first_seq, last_seq, due_time)
    VALUES ($1, 1, $2::lane, 1, 1, db_now())
)sql";

constexpr char kLoadMessage[] = MESSAGE_SELECT "WHERE m.id = $1";

constexpr char kLoadMessageByDedupeKey[] = MESSAGE_SELECT "WHERE m.dedupe_key = $1";

constexpr char kLoadMessages[] = MESSAGE_SELECT
    "WHERE m.lane <> 'CRITICAL' AND ($1::bigint = 0 OR m.number < $1::bigint) AND ($2 = '' OR m.article = $2) ORDER BY "
    "m.number DESC LIMIT $3";

constexpr char kLoadMessagesOfCampaigns[] =
    MESSAGE_SELECT "WHERE m.campaign = ANY ($1::text[]) AND m.campaign <> '' ORDER BY m.number";

constexpr char kLoadMessagesThatTold[] = MESSAGE_SELECT
    "WHERE m.source IN ('ALERT', 'CAMPAIGN', 'DIGEST') AND (m.article = $1 OR m.number IN (SELECT message_number FROM "
    "issue_articles WHERE article = $1) OR m.number IN (SELECT a.message_number FROM audiences a JOIN digest_entries n "
    "ON n.due_time = a.digest_time JOIN messages t ON t.number = n.message_number WHERE t.article = $1)) ORDER BY "
    "m.number";

constexpr char kLockFanout[] = R"sql(
    SELECT 1
    FROM fanouts
    WHERE message_number = (SELECT number FROM messages WHERE id = $1)
    FOR UPDATE
)sql";

constexpr char kLockMessage[] = R"sql(
    SELECT 1 FROM messages WHERE id = $1 FOR UPDATE
)sql";

constexpr char kCancelMessage[] = R"sql(
    UPDATE messages
    SET state = 'CANCELLED', failure = '', candidates = $2, deliveries = $3, exclusions = $4, finish_time = db_now(), revision = revision + 1
    WHERE number = $1
)sql";

// While its fan-out lasts, that goes on: only nothing is sent.
constexpr char kPauseMessage[] = R"sql(
    UPDATE messages SET state = 'PAUSED', failure = $2, revision = revision + 1 WHERE number = $1
)sql";

constexpr char kResumeMessage[] = R"sql(
    UPDATE messages
    SET state = CASE WHEN prepare_time IS NULL THEN 'PREPARING' ELSE 'SENDING' END, failure = '', revision = revision + 1,
        resumed_sent = $2, resumed_failed = $3, resumed_bounced = $4, resumed_complained = $5
    WHERE number = $1 AND state = 'PAUSED'
)sql";

// No sender looks at what is due at the end of time. A chunk that is leased comes here when it is given back.
constexpr char kHoldChunks[] = R"sql(
    UPDATE chunks SET due_time = 'infinity' WHERE message_number = $1 AND NOT leased
)sql";

constexpr char kReopenMessage[] = R"sql(
    UPDATE messages
    SET state = 'SENDING', finish_time = NULL, revision = revision + 1
    WHERE number = $1 AND state = 'FINISHED'
)sql";

// Its secrets go when nothing is left to send.
constexpr char kForgetLetter[] = "DELETE FROM transactional_letters WHERE message_number = $1";

constexpr char kRemoveFanout[] = "DELETE FROM fanouts WHERE message_number = $1";

// A live lease is left alone: its sender looks at the message with every window.
constexpr char kMakeChunksDue[] = R"sql(
    UPDATE chunks SET due_time = least(due_time, db_now()) WHERE message_number = $1 AND NOT leased
)sql";

constexpr char kLockMessageByNumber[] = R"sql(
    SELECT 1 FROM messages WHERE number = $1 AND state = 'SENDING' FOR UPDATE
)sql";

constexpr char kFinishMessage[] = R"sql(
    UPDATE messages
    SET state = 'FINISHED', finish_time = db_now(), revision = revision + 1
    WHERE number = $1 AND state = 'SENDING' AND NOT EXISTS (SELECT 1 FROM chunks WHERE message_number = $1)
    RETURNING id
)sql";

#undef MESSAGE_SELECT

}  // namespace

bool InsertMessage(db::Transaction& tx, Message& message, absl::Span<const Topic> topics, absl::Time start_time) {
  std::vector<int64_t> numbers;
  for (const Topic& topic : topics) numbers.push_back(topic.number);
  const AlertText& alert = message.alert;
  const pqxx::result rows = tx.Query(
      kInsertMessage, message.id, message.dedupe_key, message.lane, message.duplicate_policy, db::Int64Array(numbers),
      message.template_id, message.template_revision, alert.article, alert.headline, alert.dek, alert.byline, alert.url,
      alert.contact_address, alert.language_code, message.source, message.category, message.channels, message.campaign,
      ValuesToJson(message.values), message.route, message.rate_per_minute, message.create_time, message.expire_time);
  if (rows.empty()) return false;
  message.number = rows[0][0].as<int64_t>();
  tx.Query(kInsertFanout, message.number, start_time);
  return true;
}

bool InsertLetterMessage(db::Transaction& tx, Message& message, int64_t recipient_number, int64_t endpoint_number) {
  const pqxx::result rows =
      tx.Query(kInsertLetterMessage, message.id, message.dedupe_key, message.lane, message.duplicate_policy,
               message.template_id, message.template_revision, message.create_time, message.expire_time);
  if (rows.empty()) return false;
  message.number = rows[0][0].as<int64_t>();
  tx.Query(kInsertOnlyDelivery, message.number, recipient_number, endpoint_number);
  tx.Query(kInsertOnlyChunk, message.number, message.lane);
  return true;
}

std::optional<Message> LoadMessage(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadMessage, id));
}

std::optional<Message> LoadMessageByDedupeKey(db::Transaction& tx, absl::string_view dedupe_key) {
  return FirstRow(tx.Query(kLoadMessageByDedupeKey, dedupe_key));
}

std::vector<Message> LoadMessages(db::Transaction& tx, int64_t before, absl::string_view article, int limit) {
  return FromRows(tx.Query(kLoadMessages, before, article, limit));
}

std::vector<Message> LoadMessagesOfCampaigns(db::Transaction& tx, const std::vector<std::string>& campaigns) {
  return FromRows(tx.Query(kLoadMessagesOfCampaigns, db::TextArray(campaigns)));
}

std::vector<Message> LoadMessagesThatTold(db::Transaction& tx, absl::string_view article) {
  return FromRows(tx.Query(kLoadMessagesThatTold, article));
}

std::optional<Message> LockMessage(db::Transaction& tx, absl::string_view id) {
  tx.Query(kLockFanout, id);
  tx.Query(kLockMessage, id);
  return LoadMessage(tx, id);
}

void CancelMessage(db::Transaction& tx, const Message& message) {
  tx.Query(kCancelMessage, message.number, message.counts.candidates, message.counts.deliveries,
           message.counts.exclusions);
  tx.Query(kRemoveFanout, message.number);
  tx.Query(kMakeChunksDue, message.number);
  tx.Query(kForgetLetter, message.number);
}

void PauseMessage(db::Transaction& tx, const Message& message, absl::string_view cause) {
  tx.Query(kPauseMessage, message.number, cause);
  tx.Query(kHoldChunks, message.number);
}

std::optional<std::string> ResumeMessage(db::Transaction& tx, const Message& message) {
  const MessageCounts& counts = message.counts;
  tx.Query(kResumeMessage, message.number, counts.sent + counts.delivered + counts.uncertain, counts.failed,
           counts.bounced, counts.complained);
  tx.Query(kMakeChunksDue, message.number);
  return FinishMessage(tx, message.number);
}

void ReopenMessage(db::Transaction& tx, const Message& message) { tx.Query(kReopenMessage, message.number); }

std::optional<std::string> FinishMessage(db::Transaction& tx, int64_t number) {
  // The lock first, so that of two senders that drop the last two chunks the second one sees that they are the last.
  if (tx.Query(kLockMessageByNumber, number).empty()) return std::nullopt;
  const pqxx::result rows = tx.Query(kFinishMessage, number);
  if (rows.empty()) return std::nullopt;
  tx.Query(kForgetLetter, number);
  return rows[0][0].as<std::string>();
}

}  // namespace masthead::notifications

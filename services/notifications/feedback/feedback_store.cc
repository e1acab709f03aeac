#include "services/notifications/feedback/feedback_store.h"

#include <map>

#include "services/notifications/suppressions/bounce_store.h"

namespace masthead::notifications {
namespace {

// Readers of one message wait for one another no longer than senders do.
constexpr int64_t kCounterShards = 8;

#define TARGET_SELECT                                                                                           \
  "SELECT d.message_number, d.seq, m.id AS message_id, d.state, coalesce(d.reason, '') AS reason, d.attempts, " \
  "d.variant "                                                                                                  \
  "FROM deliveries d JOIN messages m ON m.number = d.message_number "

constexpr char kLockByNumber[] = TARGET_SELECT "WHERE d.message_number = $1 AND d.seq = $2 FOR UPDATE OF d";
constexpr char kLockById[] = TARGET_SELECT "WHERE m.id = $1 AND d.seq = $2 FOR UPDATE OF d";
constexpr char kLockByRecipient[] = TARGET_SELECT
    "JOIN endpoints e ON e.number = d.endpoint_number "
    "WHERE m.id = $1 AND e.recipient_number = $2 AND e.channel = 'EMAIL' "
    "ORDER BY d.seq LIMIT 1 FOR UPDATE OF d";

#undef TARGET_SELECT

constexpr char kSaveStanding[] = R"sql(
    UPDATE deliveries
    SET state = $3::delivery_state, reason = nullif($4, ''), finish_time = coalesce(finish_time, db_now()), retry_time = NULL
    WHERE message_number = $1 AND seq = $2
)sql";

// What the server said much later is what the last attempt met.
constexpr char kLog[] = R"sql(
    INSERT INTO attempts (message_number, seq, attempt, smtp_code, enhanced_code, text)
    SELECT $1, $2, greatest($3::smallint, 1 + max(attempt)), $4, $5, left($6, 512)
    FROM attempts
    WHERE message_number = $1 AND seq = $2
)sql";

constexpr char kCount[] = R"sql(
    INSERT INTO counters (message_number, shard, sent, uncertain, delivered, bounced, complained,
                          bounced_hard, bounced_soft, bounced_policy)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (message_number, shard) DO UPDATE
    SET sent = counters.sent + excluded.sent, uncertain = counters.uncertain + excluded.uncertain,
        delivered = counters.delivered + excluded.delivered, bounced = counters.bounced + excluded.bounced,
        complained = counters.complained + excluded.complained, bounced_hard = counters.bounced_hard + excluded.bounced_hard,
        bounced_soft = counters.bounced_soft + excluded.bounced_soft, bounced_policy = counters.bounced_policy + excluded.bounced_policy
)sql";

constexpr char kClaimEvent[] = R"sql(
    INSERT INTO provider_events (provider, event_id, message_number, seq)
    VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING
)sql";

constexpr char kRemoveOldEvents[] = R"sql(
    DELETE FROM provider_events
    WHERE (provider, event_id) IN (SELECT provider, event_id FROM provider_events WHERE time < db_now() - $1::interval LIMIT $2)
)sql";

std::optional<FeedbackTarget> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  const pqxx::row row = rows.front();
  return FeedbackTarget{.message_number = row["message_number"].as<int64_t>(),
                        .seq = row["seq"].as<int64_t>(),
                        .message_id = row["message_id"].as<std::string>(),
                        .variant = row["variant"].as<int>(),
                        .standing = {.state = row["state"].as<std::string>(),
                                     .reason = row["reason"].as<std::string>(),
                                     .attempts = row["attempts"].as<int>()}};
}

void Count(db::Transaction& tx, const FeedbackTarget& target, const DeliveryStanding& after) {
  std::map<std::string, int64_t> by_state, by_reason;
  const auto add = [&](const DeliveryStanding& standing, int64_t amount) {
    by_state[standing.state] += amount;
    if (standing.state == "BOUNCED") by_reason[standing.reason] += amount;
  };
  add(target.standing, -1);
  add(after, 1);
  tx.Query(kCount, target.message_number, target.seq % kCounterShards, by_state["SENT"], by_state["UNCERTAIN"],
           by_state["DELIVERED"], by_state["BOUNCED"], by_state["COMPLAINED"], by_reason["HARD_BOUNCE"],
           by_reason["SOFT_BOUNCE"], by_reason["POLICY"]);
}

bool SaveAddress(db::Transaction& tx, const FeedbackTarget& target, Effect::Address address) {
  switch (address) {
    case Effect::Address::kNothing:
      return false;
    case Effect::Address::kDoesNotExist:
      return SuppressAddresses(tx, target.message_number, {target.seq}, "HARD_BOUNCE") > 0;
    case Effect::Address::kUnwilling:
      return SuppressAddresses(tx, target.message_number, {target.seq}, "COMPLAINT") > 0;
    case Effect::Address::kUnable:
      CountSoftBounces(tx, target.message_number, {target.seq});
      return true;
    case Effect::Address::kAble:
      ForgetSoftBounces(tx, target.message_number, target.seq);
      return true;
  }
  return false;
}

}  // namespace

std::optional<FeedbackTarget> LockTarget(db::Transaction& tx, int64_t message_number, int64_t seq) {
  return FirstRow(tx.Query(kLockByNumber, message_number, seq));
}

std::optional<FeedbackTarget> LockTarget(db::Transaction& tx, absl::string_view message_id, int64_t seq) {
  return FirstRow(tx.Query(kLockById, std::string(message_id), seq));
}

std::optional<FeedbackTarget> LockTargetOf(db::Transaction& tx, absl::string_view message_id,
                                           int64_t recipient_number) {
  return FirstRow(tx.Query(kLockByRecipient, std::string(message_id), recipient_number));
}

bool SaveEffect(db::Transaction& tx, const FeedbackTarget& target, const Feedback& feedback, const Effect& effect) {
  if (effect.standing) {
    tx.Query(kSaveStanding, target.message_number, target.seq, effect.standing->state, effect.standing->reason);
    if (feedback.kind == Feedback::Kind::kBounced) {
      tx.Query(kLog, target.message_number, target.seq, target.standing.attempts, feedback.smtp_code,
               feedback.enhanced_code, feedback.text);
    }
  }
  const bool address_changed = SaveAddress(tx, target, effect.address);
  if (effect.standing) Count(tx, target, *effect.standing);
  return effect.standing.has_value() || address_changed;
}

bool ClaimProviderEvent(db::Transaction& tx, const std::string& provider, const std::string& event_id,
                        const FeedbackTarget& target) {
  return tx.Query(kClaimEvent, provider, event_id, target.message_number, target.seq).affected_rows() == 1;
}

int64_t RemoveOldProviderEvents(db::Transaction& tx, int limit) {
  return static_cast<int64_t>(tx.Query(kRemoveOldEvents, kProviderEventsKept, limit).affected_rows());
}

}  // namespace masthead::notifications

#include "services/memberships/payments/ledgerpay/ledgerpay_store.h"

namespace masthead::memberships::ledgerpay {
namespace {

constexpr char kInsertCheckout[] = R"sql(
  INSERT INTO ledgerpay_checkouts (id, key, form_token, reference, payment_key, description, currency, amount,
                                   keep_method, success_url, cancel_url, state, create_time, expire_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'OPEN', db_now(), $12)
  ON CONFLICT (key) DO NOTHING
)sql";

constexpr char kLoadCheckoutByKey[] = R"sql(
  SELECT * FROM ledgerpay_checkouts WHERE key = $1
)sql";

constexpr char kLoadCheckout[] = R"sql(
  SELECT * FROM ledgerpay_checkouts WHERE id = $1
)sql";

constexpr char kLockCheckout[] = R"sql(
  SELECT * FROM ledgerpay_checkouts WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLockCheckoutByReference[] = R"sql(
  SELECT * FROM ledgerpay_checkouts WHERE reference = $1 FOR UPDATE
)sql";

constexpr char kSaveCheckout[] = R"sql(
  UPDATE ledgerpay_checkouts SET state = $2, payment_method = $3 WHERE id = $1
)sql";

constexpr char kLockExpiredCheckouts[] = R"sql(
  SELECT * FROM ledgerpay_checkouts
  WHERE state = 'OPEN' AND expire_time <= db_now()
  ORDER BY expire_time
  LIMIT $1
  FOR UPDATE SKIP LOCKED
)sql";

constexpr char kInsertMethod[] = R"sql(
  INSERT INTO ledgerpay_methods (id, test_method, create_time) VALUES ($1, $2, db_now())
)sql";

constexpr char kLoadMethod[] = R"sql(
  SELECT test_method FROM ledgerpay_methods WHERE id = $1
)sql";

constexpr char kInsertCharge[] = R"sql(
  INSERT INTO ledgerpay_charges (id, key, checkout_id, payment_method, currency, amount, state, decline_code, retryable,
                                 due_time, create_time)
  VALUES ($1, $2, nullif($3, ''), $4, $5, $6, $7, $8, $9, $10, db_now())
  ON CONFLICT (key) DO NOTHING
)sql";

constexpr char kLoadChargeByKey[] = R"sql(
  SELECT * FROM ledgerpay_charges WHERE key = $1
)sql";

constexpr char kLockCharge[] = R"sql(
  SELECT * FROM ledgerpay_charges WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLockChargeOf[] = R"sql(
  SELECT * FROM ledgerpay_charges WHERE checkout_id = $1 FOR UPDATE
)sql";

constexpr char kSaveCharge[] = R"sql(
  UPDATE ledgerpay_charges
  SET currency = $2, amount = $3, refunded = $4, state = $5, decline_code = $6, retryable = $7, due_time = $8
  WHERE id = $1
)sql";

constexpr char kLockDueCharges[] = R"sql(
  SELECT * FROM ledgerpay_charges
  WHERE due_time <= db_now()
  ORDER BY due_time
  LIMIT $1
  FOR UPDATE SKIP LOCKED
)sql";

constexpr char kInsertRefund[] = R"sql(
  INSERT INTO ledgerpay_refunds (id, key, charge_id, amount, create_time)
  VALUES ($1, $2, $3, $4, db_now())
  ON CONFLICT (key) DO NOTHING
)sql";

constexpr char kLoadRefundByKey[] = R"sql(
  SELECT id FROM ledgerpay_refunds WHERE key = $1
)sql";

constexpr char kLoseRequest[] = R"sql(
  INSERT INTO ledgerpay_lost_requests (key) VALUES ($1) ON CONFLICT DO NOTHING
)sql";

constexpr char kInsertEvent[] = R"sql(
  INSERT INTO ledgerpay_events (id, body, create_time, next_action_time) VALUES ($1, $2, db_now(), $3)
)sql";

constexpr char kLeaseDueEvents[] = R"sql(
  WITH leased AS (
    UPDATE ledgerpay_events
    SET attempts = attempts + 1, next_action_time = db_now() + $1::interval
    WHERE seq IN (
      SELECT seq FROM ledgerpay_events
      WHERE next_action_time <= db_now()
      ORDER BY seq
      LIMIT $3
      FOR UPDATE SKIP LOCKED)
    RETURNING seq, id, body, attempts, create_time)
  SELECT * FROM leased ORDER BY CASE WHEN $2::boolean THEN random() ELSE seq END
)sql";

constexpr char kScheduleEvent[] = R"sql(
  UPDATE ledgerpay_events SET next_action_time = $2 WHERE id = $1
)sql";

// What may still be committed before it is left for the next time.
constexpr char kLoadEvents[] = R"sql(
  SELECT xid::text || ':' || seq AS cursor, id, body FROM ledgerpay_events
  WHERE (xid, seq) > (coalesce(nullif(split_part($1, ':', 1), ''), '0')::xid8,
                      coalesce(nullif(split_part($1, ':', 2), ''), '0')::bigint)
    AND xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY xid, seq
  LIMIT $2
)sql";

Checkout ReadCheckout(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .key = row["key"].as<std::string>(),
          .form_token = row["form_token"].as<std::string>(),
          .reference = row["reference"].as<std::string>(),
          .payment_key = row["payment_key"].as<std::string>(),
          .description = row["description"].as<std::string>(),
          .money = {.currency = row["currency"].as<std::string>(), .amount = row["amount"].as<int64_t>()},
          .keep_method = row["keep_method"].as<bool>(),
          .success_url = row["success_url"].as<std::string>(),
          .cancel_url = row["cancel_url"].as<std::string>(),
          .state = row["state"].as<std::string>(),
          .payment_method = row["payment_method"].as<std::string>(),
          .expire_time = row["expire_time"].as<absl::Time>()};
}

StoredCharge ReadCharge(const pqxx::row& row) {
  return {.id = row["id"].as<std::string>(),
          .key = row["key"].as<std::string>(),
          .checkout_id = row["checkout_id"].as<std::optional<std::string>>().value_or(""),
          .payment_method = row["payment_method"].as<std::string>(),
          .money = {.currency = row["currency"].as<std::string>(), .amount = row["amount"].as<int64_t>()},
          .refunded = row["refunded"].as<int64_t>(),
          .state = row["state"].as<std::string>(),
          .decline_code = row["decline_code"].as<std::string>(),
          .retryable = row["retryable"].as<bool>(),
          .due_time = row["due_time"].as<std::optional<absl::Time>>()};
}

std::optional<Checkout> FirstCheckout(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return ReadCheckout(rows.front());
}

std::optional<StoredCharge> FirstCharge(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return ReadCharge(rows.front());
}

}  // namespace

Checkout InsertCheckout(db::Transaction& tx, const Checkout& checkout) {
  tx.Query(kInsertCheckout, checkout.id, checkout.key, checkout.form_token, checkout.reference, checkout.payment_key,
           checkout.description, checkout.money.currency, checkout.money.amount, checkout.keep_method,
           checkout.success_url, checkout.cancel_url, checkout.expire_time);
  return ReadCheckout(tx.Query(kLoadCheckoutByKey, checkout.key).front());
}

std::optional<Checkout> LoadCheckout(db::Transaction& tx, absl::string_view id) {
  return FirstCheckout(tx.Query(kLoadCheckout, id));
}

std::optional<Checkout> LockCheckout(db::Transaction& tx, absl::string_view id) {
  return FirstCheckout(tx.Query(kLockCheckout, id));
}

std::optional<Checkout> LockCheckoutByReference(db::Transaction& tx, absl::string_view reference) {
  return FirstCheckout(tx.Query(kLockCheckoutByReference, reference));
}

void SaveCheckout(db::Transaction& tx, const Checkout& checkout) {
  tx.Query(kSaveCheckout, checkout.id, checkout.state, checkout.payment_method);
}

std::vector<Checkout> LockExpiredCheckouts(db::Transaction& tx, int limit) {
  std::vector<Checkout> checkouts;
  for (const pqxx::row& row : tx.Query(kLockExpiredCheckouts, limit)) checkouts.push_back(ReadCheckout(row));
  return checkouts;
}

void InsertMethod(db::Transaction& tx, absl::string_view id, absl::string_view test_method) {
  tx.Query(kInsertMethod, id, test_method);
}

std::optional<std::string> LoadMethod(db::Transaction& tx, absl::string_view id) {
  const pqxx::result rows = tx.Query(kLoadMethod, id);
  if (rows.empty()) return std::nullopt;
  return rows.front()[0].as<std::string>();
}

bool InsertCharge(db::Transaction& tx, const StoredCharge& charge) {
  return tx.Query(kInsertCharge, charge.id, charge.key, charge.checkout_id, charge.payment_method,
                  charge.money.currency, charge.money.amount, charge.state, charge.decline_code, charge.retryable,
                  charge.due_time)
             .affected_rows() == 1;
}

std::optional<StoredCharge> LoadChargeByKey(db::Transaction& tx, absl::string_view key) {
  return FirstCharge(tx.Query(kLoadChargeByKey, key));
}

std::optional<StoredCharge> LockCharge(db::Transaction& tx, absl::string_view id) {
  return FirstCharge(tx.Query(kLockCharge, id));
}

std::optional<StoredCharge> LockChargeOf(db::Transaction& tx, absl::string_view checkout_id) {
  return FirstCharge(tx.Query(kLockChargeOf, checkout_id));
}

void SaveCharge(db::Transaction& tx, const StoredCharge& charge) {
  tx.Query(kSaveCharge, charge.id, charge.money.currency, charge.money.amount, charge.refunded, charge.state,
           charge.decline_code, charge.retryable, charge.due_time);
}

std::vector<StoredCharge> LockDueCharges(db::Transaction& tx, int limit) {
  std::vector<StoredCharge> charges;
  for (const pqxx::row& row : tx.Query(kLockDueCharges, limit)) charges.push_back(ReadCharge(row));
  return charges;
}

bool InsertRefund(db::Transaction& tx, absl::string_view id, absl::string_view key, absl::string_view charge_id,
                  int64_t amount) {
  return tx.Query(kInsertRefund, id, key, charge_id, amount).affected_rows() == 1;
}

std::optional<std::string> LoadRefundByKey(db::Transaction& tx, absl::string_view key) {
  const pqxx::result rows = tx.Query(kLoadRefundByKey, key);
  if (rows.empty()) return std::nullopt;
  return rows.front()[0].as<std::string>();
}

bool LoseRequest(db::Transaction& tx, absl::string_view key) {
  return tx.Query(kLoseRequest, key).affected_rows() == 1;
}

void InsertEvent(db::Transaction& tx, absl::string_view id, absl::string_view body, absl::Time due_time) {
  tx.Query(kInsertEvent, id, body, due_time);
}

std::vector<DueEvent> LeaseDueEvents(db::Transaction& tx, absl::Duration lease, bool shuffled, int limit) {
  std::vector<DueEvent> events;
  for (const pqxx::row& row : tx.Query(kLeaseDueEvents, lease, shuffled, limit)) {
    events.push_back({.id = row["id"].as<std::string>(),
                      .body = row["body"].as<std::string>(),
                      .attempts = row["attempts"].as<int>(),
                      .create_time = row["create_time"].as<absl::Time>()});
  }
  return events;
}

void ScheduleEvent(db::Transaction& tx, absl::string_view id, std::optional<absl::Time> next_action_time) {
  tx.Query(kScheduleEvent, id, next_action_time);
}

ProviderEventPage LoadEvents(db::Transaction& tx, absl::string_view cursor, int limit) {
  ProviderEventPage page = {.events = {}, .next_cursor = std::string(cursor)};
  for (const pqxx::row& row : tx.Query(kLoadEvents, cursor, limit)) {
    page.events.emplace_back(row["id"].as<std::string>(), row["body"].as<std::string>());
    page.next_cursor = row["cursor"].as<std::string>();
  }
  return page;
}

}  // namespace masthead::memberships::ledgerpay

#include "services/memberships/subscriptions/subscription_store.h"

#include <utility>

namespace masthead::memberships {
namespace {

constexpr char kInsertSubscription[] = R"sql(
  INSERT INTO subscriptions (id, member_id, tier_id, price_id, product_group, state, collection, currency, amount, seats,
                             interval_unit, interval_count, tax_basis_points, grace_days, time_zone, offer_id,
                             offer_invoices_left, lasting_discount, anchor_time, period_index, period_start_time,
                             period_paid, provider, payment_method, revision, create_time, update_time, external_ref)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
          $25, $26, $26, $27)
)sql";

constexpr char kSaveSubscription[] = R"sql(
  UPDATE subscriptions
  SET tier_id = $2, price_id = $3, state = $4, collection = $5, amount = $6, seats = $7, interval_unit = $8,
      interval_count = $9, tax_basis_points = $10, grace_days = $11, offer_id = $12, offer_invoices_left = $13,
      lasting_discount = $14, anchor_time = $15, anchor_index = $16, period_index = $17, period_start_time = $18,
      period_end_time = $19, period_paid = $20, trial_end_time = $21, trial_reminded = $22, access_end_time = $23,
      cancel_at_period_end = $24, cancel_reason = $25, pending_price_id = $26, pending_amount = $27, pending_seats = $28,
      pending_invoice_id = $29, pause_time = $30, resume_time = $31, dunning_attempts = $32, retry_time = $33,
      end_time = $34, end_reason = $35, keeps_paid_time = $36, provider = $37, payment_method = $38,
      next_action_time = $39, revision = $40, event_revision = $41, update_time = $42,
      external_ask_time = $43
  WHERE id = $1
)sql";

constexpr char kLoadSubscription[] = R"sql(
  SELECT * FROM subscriptions WHERE id = $1
)sql";

constexpr char kLockSubscription[] = R"sql(
  SELECT * FROM subscriptions WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLoadExternalSubscription[] = R"sql(
  SELECT * FROM subscriptions WHERE provider = $1 AND external_ref = $2 AND external_ref <> ''
)sql";

constexpr char kLockExternalSubscription[] = R"sql(
  SELECT * FROM subscriptions WHERE provider = $1 AND external_ref = $2 AND external_ref <> '' FOR UPDATE
)sql";

constexpr char kLoadLiveSubscriptionId[] = R"sql(
  SELECT id FROM subscriptions
  WHERE member_id = $1 AND product_group = $2 AND state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
)sql";

constexpr char kLoadSubscriptions[] = R"sql(
  SELECT * FROM subscriptions
  WHERE member_id = $1 AND (create_time, id) < ($2, $3)
  ORDER BY create_time DESC, id DESC
  LIMIT $4
)sql";

constexpr char kLockSubscriptionsByMethod[] = R"sql(
  SELECT * FROM subscriptions
  WHERE payment_method = $2 AND payment_method <> '' AND provider = $1
    AND state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
  ORDER BY id
  FOR UPDATE
)sql";

// The row lock is taken on members first, as everywhere, so that this never waits in a ring with a call.
constexpr char kLockDueMembers[] = R"sql(
  SELECT m.id
  FROM (
    SELECT member_id
    FROM subscriptions
    WHERE next_action_time <= db_now()
    ORDER BY next_action_time
    LIMIT $1
  ) due
  JOIN members m ON m.id = due.member_id
  ORDER BY m.id
  FOR UPDATE OF m SKIP LOCKED
)sql";

constexpr char kLockDueSubscriptionsOf[] = R"sql(
  SELECT * FROM subscriptions
  WHERE member_id = ANY ($1::text[]) AND next_action_time <= db_now()
  ORDER BY id
  FOR UPDATE
)sql";

constexpr char kAppendChange[] = R"sql(
  INSERT INTO subscription_changes (subscription_id, member_id, event, state_before, state_after, currency, annual_before,
                                    annual_after, reason, change_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql";

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

constexpr std::pair<BillingInterval::Unit, const char*> kUnits[] = {{BillingInterval::Unit::kWeek, "WEEK"},
                                                                    {BillingInterval::Unit::kMonth, "MONTH"},
                                                                    {BillingInterval::Unit::kYear, "YEAR"}};

std::optional<std::string> UnitName(const std::optional<BillingInterval>& interval) {
  if (!interval) return std::nullopt;
  for (const auto& [unit, name] : kUnits) {
    if (unit == interval->unit) return name;
  }
  return std::nullopt;
}

std::optional<int32_t> UnitCount(const std::optional<BillingInterval>& interval) {
  return interval ? std::optional<int32_t>(interval->count) : std::nullopt;
}

std::optional<BillingInterval> IntervalFromRow(const pqxx::row& row) {
  const auto wanted = row["interval_unit"].as<std::optional<std::string>>();
  for (const auto& [unit, name] : kUnits) {
    if (wanted == name) return BillingInterval{unit, row["interval_count"].as<int32_t>()};
  }
  return std::nullopt;
}

absl::TimeZone ZoneFromRow(const pqxx::row& row) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(row["time_zone"].as<std::string>(), &zone);
  return zone;
}

std::optional<Subscription::PendingChange> PendingFromRow(const pqxx::row& row) {
  if (row["pending_price_id"].is_null()) return std::nullopt;
  return Subscription::PendingChange{.price_id = row["pending_price_id"].as<std::string>(),
                                     .amount = row["pending_amount"].as<int64_t>(),
                                     .seats = row["pending_seats"].as<int32_t>(),
                                     .invoice_id = row["pending_invoice_id"].as<std::string>("")};
}

SubscriptionTerms TermsFromRow(const pqxx::row& row) {
  return {.price_id = row["price_id"].as<std::string>(),
          .tier_id = row["tier_id"].as<std::string>(""),
          .money = {row["currency"].as<std::string>(), row["amount"].as<int64_t>()},
          .seats = row["seats"].as<int32_t>(),
          .interval = IntervalFromRow(row),
          .tax_basis_points = row["tax_basis_points"].as<int32_t>(),
          .grace_days = row["grace_days"].as<int32_t>()};
}

Subscription FromRow(const pqxx::row& row) {
  using Time = std::optional<absl::Time>;
  return {.member_id = row["member_id"].as<std::string>(),
          .id = row["id"].as<std::string>(),
          .product_group = row["product_group"].as<std::string>(),
          .state = *ParseSubscriptionState(row["state"].as<std::string>()),
          .collection = *ParseCollection(row["collection"].as<std::string>()),
          .terms = TermsFromRow(row),
          .time_zone = ZoneFromRow(row),
          .offer_id = row["offer_id"].as<std::string>(""),
          .offer_invoices_left = row["offer_invoices_left"].as<std::optional<int32_t>>(),
          .lasting_discount = row["lasting_discount"].as<int64_t>(),
          .anchor_time = row["anchor_time"].as<absl::Time>(),
          .anchor_index = row["anchor_index"].as<int64_t>(),
          .period_index = row["period_index"].as<int64_t>(),
          .period_start_time = row["period_start_time"].as<absl::Time>(),
          .period_end_time = row["period_end_time"].as<Time>(),
          .period_paid = row["period_paid"].as<bool>(),
          .trial_end_time = row["trial_end_time"].as<Time>(),
          .trial_reminded = row["trial_reminded"].as<bool>(),
          .cancel_at_period_end = row["cancel_at_period_end"].as<bool>(),
          .cancel_reason = row["cancel_reason"].as<std::string>(),
          .pending = PendingFromRow(row),
          .pause_time = row["pause_time"].as<Time>(),
          .resume_time = row["resume_time"].as<Time>(),
          .dunning_attempts = row["dunning_attempts"].as<int32_t>(),
          .retry_time = row["retry_time"].as<Time>(),
          .end_time = row["end_time"].as<Time>(),
          .end_reason = *ParseEndReason(row["end_reason"].as<std::string>()),
          .keeps_paid_time = row["keeps_paid_time"].as<bool>(),
          .provider = row["provider"].as<std::string>(),
          .payment_method = row["payment_method"].as<std::string>(),
          .external_ref = row["external_ref"].as<std::string>(),
          .external_ask_time = row["external_ask_time"].as<Time>(),
          .revision = row["revision"].as<int64_t>(),
          .event_revision = row["event_revision"].as<int64_t>(),
          .create_time = row["create_time"].as<absl::Time>(),
          .update_time = row["update_time"].as<absl::Time>()};
}

std::vector<Subscription> FromRows(const pqxx::result& rows) {
  std::vector<Subscription> subscriptions;
  for (const pqxx::row& row : rows) subscriptions.push_back(FromRow(row));
  return subscriptions;
}

std::optional<Subscription> FromFirst(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

void InsertSubscription(db::Transaction& tx, const Subscription& s) {
  tx.Query(kInsertSubscription, s.id, s.member_id, NullIfEmpty(s.terms.tier_id), s.terms.price_id, s.product_group,
           Name(s.state), Name(s.collection), s.terms.money.currency, s.terms.money.amount, s.terms.seats,
           UnitName(s.terms.interval), UnitCount(s.terms.interval), s.terms.tax_basis_points, s.terms.grace_days,
           s.time_zone.name(), NullIfEmpty(s.offer_id), s.offer_invoices_left, s.lasting_discount, s.anchor_time,
           s.period_index, s.period_start_time, s.period_paid, s.provider, s.payment_method, s.revision, s.create_time,
           s.external_ref);
}

void SaveSubscription(db::Transaction& tx, Subscription& s, absl::Time now) {
  ++s.revision;
  s.update_time = now;
  const std::optional<SubscriptionAccess> access = AccessOf(s);
  std::optional<std::string> pending_price_id;
  std::optional<int64_t> pending_amount;
  std::optional<int32_t> pending_seats;
  std::optional<std::string> pending_invoice_id;
  if (s.pending) {
    pending_price_id = s.pending->price_id;
    pending_amount = s.pending->amount;
    pending_seats = s.pending->seats;
    pending_invoice_id = NullIfEmpty(s.pending->invoice_id);
  }
  tx.Query(kSaveSubscription, s.id, NullIfEmpty(s.terms.tier_id), s.terms.price_id, Name(s.state), Name(s.collection),
           s.terms.money.amount, s.terms.seats, UnitName(s.terms.interval), UnitCount(s.terms.interval),
           s.terms.tax_basis_points, s.terms.grace_days, NullIfEmpty(s.offer_id), s.offer_invoices_left,
           s.lasting_discount, s.anchor_time, s.anchor_index, s.period_index, s.period_start_time, s.period_end_time,
           s.period_paid, s.trial_end_time, s.trial_reminded, access ? access->end_time : s.end_time,
           s.cancel_at_period_end, s.cancel_reason, pending_price_id, pending_amount, pending_seats, pending_invoice_id,
           s.pause_time, s.resume_time, s.dunning_attempts, s.retry_time, s.end_time, Name(s.end_reason),
           s.keeps_paid_time, s.provider, s.payment_method, NextActionTime(s), s.revision, s.event_revision,
           s.update_time, s.external_ask_time);
}

std::optional<Subscription> LoadSubscription(db::Transaction& tx, absl::string_view id) {
  return FromFirst(tx.Query(kLoadSubscription, id));
}

std::optional<Subscription> LockSubscription(db::Transaction& tx, absl::string_view id) {
  return FromFirst(tx.Query(kLockSubscription, id));
}

std::optional<Subscription> LoadExternalSubscription(db::Transaction& tx, absl::string_view provider,
                                                     absl::string_view external_ref) {
  return FromFirst(tx.Query(kLoadExternalSubscription, provider, external_ref));
}

std::optional<Subscription> LockExternalSubscription(db::Transaction& tx, absl::string_view provider,
                                                     absl::string_view external_ref) {
  return FromFirst(tx.Query(kLockExternalSubscription, provider, external_ref));
}

std::optional<std::string> LoadLiveSubscriptionId(db::Transaction& tx, absl::string_view member_id,
                                                  absl::string_view product_group) {
  const pqxx::result rows = tx.Query(kLoadLiveSubscriptionId, member_id, product_group);
  if (rows.empty()) return std::nullopt;
  return rows.front()["id"].as<std::string>();
}

std::vector<Subscription> LoadSubscriptions(db::Transaction& tx, absl::string_view member_id,
                                            const std::optional<SubscriptionCursor>& before, int limit) {
  const SubscriptionCursor start = before.value_or(SubscriptionCursor{absl::InfiniteFuture(), ""});
  return FromRows(tx.Query(kLoadSubscriptions, member_id, start.create_time, start.id, limit));
}

std::vector<Subscription> LockSubscriptionsByMethod(db::Transaction& tx, absl::string_view provider,
                                                    absl::string_view payment_method) {
  return FromRows(tx.Query(kLockSubscriptionsByMethod, provider, payment_method));
}

std::vector<Subscription> LockDueSubscriptions(db::Transaction& tx, int limit) {
  std::vector<std::string> member_ids;
  for (const pqxx::row& row : tx.Query(kLockDueMembers, limit)) member_ids.push_back(row["id"].as<std::string>());
  if (member_ids.empty()) return {};
  return FromRows(tx.Query(kLockDueSubscriptionsOf, db::TextArray(member_ids)));
}

void AppendChange(db::Transaction& tx, const Subscription& after, const SubscriptionChange& change, absl::Time now) {
  tx.Query(kAppendChange, after.id, after.member_id, change.event, Name(change.state_before), Name(after.state),
           after.terms.money.currency, change.annual_before, AnnualRevenueOf(after), change.reason, now);
}

}  // namespace masthead::memberships

// Books so small that payments' tests can see through them: a payment, what it is said to be, and each fact once.
#include "absl/strings/str_cat.h"
#include "services/memberships/books/facts.h"

namespace masthead::memberships {
namespace {

using Kind = ProviderFact::Kind;

constexpr char kInsertFact[] = R"sql(
  INSERT INTO provider_facts (provider, object_ref, fact, apply_time) VALUES ($1, $2, $3, db_now())
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLockPayment[] = R"sql(
  SELECT id FROM payments
  WHERE provider = $1 AND (id = $2 OR (provider_ref = $3 AND provider_ref <> ''))
  FOR UPDATE
)sql";

constexpr char kSetState[] = R"sql(
  UPDATE payments
  SET state = $2, provider_ref = coalesce(nullif($3, ''), provider_ref), decline_code = $4, retryable = $5,
      next_action_time = CASE
        WHEN $2 <> 'UNKNOWN' THEN NULL
        WHEN lookups = 0 THEN db_now() + interval '1 minute'
        WHEN lookups = 1 THEN db_now() + interval '5 minutes'
        WHEN lookups = 2 THEN db_now() + interval '1 hour'
        ELSE db_now() + interval '1 day' END,
      lookups = lookups + CASE WHEN $2 = 'UNKNOWN' THEN 1 ELSE 0 END
  WHERE id = $1 AND state <> 'SUCCEEDED'
)sql";

constexpr char kSetRefunded[] = R"sql(
  UPDATE payments SET refunded = greatest(refunded, $2) WHERE id = $1
)sql";

constexpr char kSetRefundState[] = R"sql(
  UPDATE refunds
  SET state = $2, provider_ref = coalesce(nullif($3, ''), provider_ref), failure = $4,
      next_action_time = CASE WHEN $2 IN ('UNKNOWN', 'PROCESSING') THEN db_now() + interval '1 minute' END,
      lookups = lookups + 1
  WHERE id = $1 AND state <> 'SUCCEEDED'
)sql";

}  // namespace

FactEffect ApplyFact(db::Transaction& tx, events::Feed&, absl::string_view provider, const ProviderFact& fact,
                     absl::Time) {
  const pqxx::result payment = tx.Query(kLockPayment, provider, fact.payment_key, fact.payment_ref);
  if (payment.empty()) return FactEffect::kParked;
  const std::string id = payment.front()[0].as<std::string>();
  const std::string object = fact.payment_ref.empty() ? fact.checkout_ref : fact.payment_ref;
  const std::string what = absl::StrCat(static_cast<int>(fact.kind), ":", fact.money.amount, ":", fact.dispute_ref);
  if (tx.Query(kInsertFact, provider, object, what).affected_rows() == 0) return FactEffect::kDuplicate;
  if (fact.kind == Kind::kPaymentSettled) tx.Query(kSetState, id, "SUCCEEDED", fact.payment_ref, "", false);
  if (fact.kind == Kind::kPaymentFailed) {
    tx.Query(kSetState, id, "FAILED", fact.payment_ref, fact.decline_code, fact.retryable);
  }
  if (fact.kind == Kind::kRefunded) tx.Query(kSetRefunded, id, fact.money.amount);
  return FactEffect::kApplied;
}

void RecordCharge(db::Transaction& tx, events::Feed&, const std::string& payment_id, const ChargeOutcome& outcome,
                  absl::Time) {
  // In the order of ChargeOutcome::Kind.
  constexpr const char* kStates[] = {"SUCCEEDED", "PROCESSING", "REQUIRES_ACTION", "FAILED", "UNKNOWN"};
  tx.Query(kSetState, payment_id, kStates[static_cast<int>(outcome.kind)], outcome.provider_ref, outcome.decline_code,
           outcome.retryable);
}

void RecordRefund(db::Transaction& tx, events::Feed&, const std::string& refund_id, const RefundOutcome& outcome,
                  absl::Time) {
  // In the order of RefundOutcome::Kind.
  constexpr const char* kStates[] = {"SUCCEEDED", "PROCESSING", "FAILED", "UNKNOWN"};
  tx.Query(kSetRefundState, refund_id, kStates[static_cast<int>(outcome.kind)], outcome.provider_ref, outcome.failure);
}

}  // namespace masthead::memberships

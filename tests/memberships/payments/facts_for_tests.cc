// Books so small that payments' tests can see through them: a payment, what it is said to be, and each fact once.
#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/payments/facts.h"

namespace masthead::memberships {
namespace {

using Kind = ProviderFact::Kind;

constexpr char kInsertFact[] = R"sql(
  INSERT INTO provider_facts (provider, object_ref, fact, apply_time) VALUES ($1, $2, $3, db_now())
  ON CONFLICT DO NOTHING
)sql";

constexpr char kLockPayment[] = R"sql(
  SELECT id, state FROM payments
  WHERE provider = $1 AND (id = $2 OR (provider_ref = $3 AND provider_ref <> ''))
  FOR UPDATE
)sql";

constexpr char kSetState[] = R"sql(
  UPDATE payments
  SET state = $2, provider_ref = coalesce(nullif($3, ''), provider_ref), decline_code = $4, retryable = $5,
      next_action_time = CASE
        WHEN $2 NOT IN ('UNKNOWN', 'PROCESSING') THEN NULL
        WHEN lookups = 0 THEN db_now() + interval '1 minute'
        WHEN lookups = 1 THEN db_now() + interval '5 minutes'
        WHEN lookups = 2 THEN db_now() + interval '1 hour'
        ELSE db_now() + interval '1 day' END,
      lookups = lookups + CASE WHEN $2 IN ('UNKNOWN', 'PROCESSING') THEN 1 ELSE 0 END
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

constexpr char kInsertInvoice[] = R"sql(
  INSERT INTO invoices (id, number, member_id, kind, currency, subtotal, discount, tax, total, state, revision,
                        create_time, due_time)
  VALUES ($1, (SELECT count(*) + 1 FROM invoices), $2, 'MANUAL', $3, $4, 0, 0, $4, 'OPEN', 1, $5, $5)
)sql";

constexpr char kInsertPayment[] = R"sql(
  INSERT INTO payments (id, invoice_id, attempt, member_id, kind, state, provider, payment_method, currency, amount,
                        next_action_time, revision, create_time)
  VALUES ($1, $2, 1, $3, 'CHARGE', 'CREATED', $4, $5, $6, $7, $8, 1, $8)
)sql";

}  // namespace

std::optional<Invoice> IssueInvoice(db::Transaction& tx, events::Feed&, const InvoiceDraft& draft, absl::Time now) {
  Invoice invoice = {.member_id = draft.member_id, .id = ids::NewUuid(), .currency = draft.currency};
  for (const InvoiceLine& line : draft.lines) invoice.total += line.amount;
  tx.Query(kInsertInvoice, invoice.id, invoice.member_id, invoice.currency, invoice.total, now);
  return invoice;
}

bool RequestCharge(db::Transaction& tx, const Invoice& invoice, absl::string_view provider,
                   absl::string_view payment_method, absl::Time now) {
  tx.Query(kInsertPayment, ids::NewUuid(), invoice.id, invoice.member_id, provider, payment_method, invoice.currency,
           invoice.total, now);
  return true;
}

FactEffect ApplyFact(db::Transaction& tx, events::Feed&, absl::string_view provider, const ProviderFact& fact,
                     absl::Time) {
  const pqxx::result payment = tx.Query(kLockPayment, provider, fact.payment_key, fact.payment_ref);
  if (payment.empty()) return FactEffect::kParked;
  const std::string id = payment.front()[0].as<std::string>();
  const bool settled = payment.front()[1].as<std::string>() == "SUCCEEDED";
  if (fact.kind == Kind::kRefunded && !settled) return FactEffect::kParked;
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
  constexpr const char* kStates[] = {"SUCCEEDED", "PROCESSING", "FAILED", "FAILED", "UNKNOWN"};
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

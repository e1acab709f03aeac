// What subscriptions, gifts, donations and offers do when money comes and goes, as little of it as the books' tests
// need. It stands in until the real ones are linked.
#include "common/ids/uuid.h"
#include "services/memberships/books/checkout_draft.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/books/invoicing.h"
#include "services/memberships/gifts/gift_fulfilment.h"
#include "services/memberships/plans/offering.h"
#include "services/memberships/subscriptions/settlement.h"
#include "services/memberships/support/attribution_store.h"
#include "services/memberships/support/donations.h"

namespace masthead::memberships {
namespace {

constexpr char kInsert[] = R"sql(
  INSERT INTO subscriptions (id, member_id, price_id, tier_id, product_group, state, collection, currency, amount, seats,
                             tax_basis_points, grace_days, time_zone, anchor_time, period_index, period_start_time,
                             provider, revision, create_time, update_time)
  SELECT $1, $2, p.id, p.tier_id, CASE WHEN p.tier_id IS NULL THEN 'donation' ELSE 'membership' END, 'INCOMPLETE',
         'AUTOMATIC', p.currency, $4, 1, p.tax_basis_points, 21, 'UTC', $5, 0, $5, 'fake', 1, $5, $5
  FROM prices p
  WHERE p.id = $3
)sql";
constexpr char kState[] = "SELECT state FROM subscriptions WHERE id = $1 FOR UPDATE";
constexpr char kEnd[] = R"sql(
  UPDATE subscriptions SET state = $2, end_reason = $3, end_time = $4 WHERE id = $1 AND end_time IS NULL
)sql";
constexpr char kStart[] = R"sql(
  UPDATE subscriptions SET state = 'ACTIVE', payment_method = $2, period_end_time = $3 WHERE id = $1
)sql";
constexpr char kMove[] = "UPDATE subscriptions SET state = $2 WHERE id = $1 AND end_time IS NULL";
constexpr char kMethod[] = "UPDATE subscriptions SET payment_method = $2 WHERE id = $1";
constexpr char kReplaceMethod[] = "UPDATE subscriptions SET payment_method = $2 WHERE payment_method = $1";
constexpr char kNote[] = "INSERT INTO test_effects (what, subject) VALUES ($1, $2)";
constexpr char kPrice[] = "SELECT * FROM prices WHERE id = $1";

std::string StateOf(db::Transaction& tx, absl::string_view id) { return tx.Query(kState, id)[0][0].c_str(); }

}  // namespace

std::string OpenSubscription(db::Transaction& tx, events::Feed&, const Checkout& checkout, absl::Time now) {
  const std::string id = ids::NewUuid();
  tx.Query(kInsert, id, checkout.member_id, checkout.price_id, checkout.unit_amount, now);
  return id;
}

Settlement StartSubscription(db::Transaction& tx, events::Feed& feed, const Checkout& checkout, absl::string_view,
                             absl::string_view payment_method, absl::Time now) {
  if (StateOf(tx, checkout.subscription_id) != "INCOMPLETE") return Settlement::kTooLate;
  const char* group = checkout.kind == Checkout::Kind::kDonation ? "donation" : "membership";
  if (!LoadLiveSubscription(tx, checkout.member_id, group).empty()) {
    tx.Query(kEnd, checkout.subscription_id, "EXPIRED", "OVERTAKEN", now);
    return Settlement::kOvertaken;
  }
  const absl::Time end = now + absl::Hours(24 * 30);
  tx.Query(kStart, checkout.subscription_id, payment_method, end);
  InvoiceDraft draft = DraftOf(checkout, LoadPrice(tx, checkout.price_id).value(), nullptr, now);
  draft.kind = Invoice::Kind::kCycle;
  draft.period_index = 0;
  draft.period_start_time = now;
  draft.period_end_time = end;
  IssueInvoice(tx, feed, draft, now);
  return Settlement::kKept;
}

void ExpireSubscription(db::Transaction& tx, events::Feed&, absl::string_view id, absl::Time now) {
  if (StateOf(tx, id) == "INCOMPLETE") tx.Query(kEnd, id, "EXPIRED", "NEVER_PAID", now);
}

void OnInvoicePaid(db::Transaction& tx, events::Feed&, const Invoice& invoice, absl::Time) {
  tx.Query(kMove, invoice.subscription_id, "ACTIVE");
}

void OnChargeFailed(db::Transaction& tx, events::Feed&, const Invoice& invoice, absl::string_view, bool, absl::Time) {
  tx.Query(kMove, invoice.subscription_id, "PAST_DUE");
  tx.Query(kNote, "dunning", invoice.id);
}

void EndAtOnce(db::Transaction& tx, events::Feed&, absl::string_view id, absl::string_view reason, absl::Time now) {
  tx.Query(kEnd, id, "CANCELED", reason, now);
}

void UsePaymentMethod(db::Transaction& tx, events::Feed&, absl::string_view id, absl::string_view,
                      absl::string_view payment_method, absl::Time) {
  tx.Query(kMethod, id, payment_method);
}

void ReplacePaymentMethod(db::Transaction& tx, events::Feed&, absl::string_view, absl::string_view old_method,
                          absl::string_view new_method, absl::Time) {
  tx.Query(kReplaceMethod, old_method, new_method);
}

void FulfilGift(db::Transaction& tx, events::Feed&, const Checkout& checkout, absl::string_view, absl::Time) {
  tx.Query(kNote, "gift", checkout.id);
}

void WithdrawGift(db::Transaction& tx, events::Feed&, absl::string_view checkout_id, absl::Time) {
  tx.Query(kNote, "gift withdrawn", checkout_id);
}

void ReceiveDonation(db::Transaction& tx, events::Feed&, const Checkout&, absl::string_view payment_id, absl::Time) {
  tx.Query(kNote, "donation", payment_id);
}

void TakeBackDonation(db::Transaction& tx, events::Feed&, absl::string_view payment_id, absl::Time) {
  tx.Query(kNote, "donation taken back", payment_id);
}

void RecordAttribution(db::Transaction& tx, AttributionKind, absl::string_view subject_id, absl::string_view,
                       absl::string_view, absl::Time) {
  tx.Query(kNote, "attribution", subject_id);
}

absl::StatusOr<Price> LoadPrice(db::Transaction& tx, absl::string_view price_id) {
  const pqxx::result rows = tx.Query(kPrice, price_id);
  if (rows.empty()) return absl::NotFoundError("no such price");
  const pqxx::row row = rows.front();
  Price price;
  price.id = row["id"].c_str();
  price.tier_id = row["tier_id"].c_str();
  price.display_name = row["display_name"].c_str();
  price.money = {row["currency"].c_str(), row["amount"].as<int64_t>()};
  price.least_amount = row["least_amount"].as<std::optional<int64_t>>();
  price.most_amount = row["most_amount"].as<std::optional<int64_t>>();
  if (!row["interval_unit"].is_null()) price.interval = {BillingInterval::Unit::kMonth, 1};
  price.tax_basis_points = row["tax_basis_points"].as<int32_t>();
  return price;
}

absl::StatusOr<Offer> LoadOffer(db::Transaction&, absl::string_view) { return absl::NotFoundError("no such offer"); }
int64_t DiscountOf(const Offer&, int64_t) { return 0; }
std::optional<int32_t> InvoicesOf(const Offer&) { return std::nullopt; }
absl::StatusOr<Offer> ReserveOffer(db::Transaction&, absl::string_view, absl::string_view, const Price&,
                                   Offer::Occasion, absl::Time, absl::Time) {
  return absl::NotFoundError("no such offer");
}
void RedeemOffer(db::Transaction&, absl::string_view, absl::string_view, absl::Time) {}
void ReleaseOffer(db::Transaction&, absl::string_view, absl::string_view) {}
int32_t TrialDays(db::Transaction&, absl::string_view, absl::string_view, const Price&, const Offer*) { return 0; }
void ConsumeTrial(db::Transaction&, absl::string_view, absl::string_view, absl::Time) {}

}  // namespace masthead::memberships

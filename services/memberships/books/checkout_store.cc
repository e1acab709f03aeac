#include "services/memberships/books/checkout_store.h"

#include "absl/strings/str_cat.h"
#include "services/memberships/books/checkout_details.h"
#include "services/memberships/members/sealed_words.h"

namespace masthead::memberships {
namespace {

constexpr char kInsertCheckout[] = R"sql(
  INSERT INTO checkouts (id, member_id, kind, state, price_id, offer_id, currency, amount, unit_amount, quantity, seats,
                         details, attribution, subscription_id, provider, success_url, cancel_url, revision,
                         create_time, expire_time, sealed_details)
  VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), $7, $8, $9, $10, $11, $12, $13, nullif($14, ''), $15, $16,
          $17, $18, $19, $20, $21)
)sql";

constexpr char kLoadCheckout[] = R"sql(
  SELECT * FROM checkouts WHERE id = $1
)sql";

constexpr char kLockCheckout[] = R"sql(
  SELECT * FROM checkouts WHERE id = $1 FOR UPDATE
)sql";

constexpr char kLoadCheckoutByRef[] = R"sql(
  SELECT * FROM checkouts WHERE provider = $1 AND provider_ref = $2 AND provider_ref <> ''
)sql";

constexpr char kLoadOpeningCheckout[] = R"sql(
  SELECT * FROM checkouts
  WHERE subscription_id = $1 AND kind <> 'PAYMENT_METHOD'
  ORDER BY create_time
  LIMIT 1
)sql";

constexpr char kSaveCheckout[] = R"sql(
  UPDATE checkouts
  SET state = $2, subscription_id = nullif($3, ''), invoice_id = nullif($4, ''), provider_ref = $5, url = $6,
      expire_time = $7, complete_time = $8, revision = $9
  WHERE id = $1
)sql";

// The members are locked one by one, each before its checkout.
constexpr char kLoadDueCheckouts[] = R"sql(
  SELECT id, member_id
  FROM checkouts
  WHERE state IN ('OPEN', 'PROCESSING')
    AND expire_time <= CASE state WHEN 'OPEN' THEN db_now() ELSE db_now() - interval '14 days' END
  ORDER BY expire_time
  LIMIT $1
)sql";

constexpr char kLockDueCheckout[] = R"sql(
  SELECT * FROM checkouts
  WHERE id = $1
    AND state IN ('OPEN', 'PROCESSING')
    AND expire_time <= CASE state WHEN 'OPEN' THEN db_now() ELSE db_now() - interval '14 days' END
  FOR UPDATE
)sql";

constexpr char kLoadLiveSubscription[] = R"sql(
  SELECT id FROM subscriptions
  WHERE member_id = $1 AND product_group = $2 AND state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
)sql";

constexpr char kLoadSubscriptionCurrency[] = R"sql(
  SELECT currency FROM subscriptions
  WHERE member_id = $1 AND id = $2 AND state IN ('TRIALING', 'ACTIVE', 'PAST_DUE', 'PAUSED')
)sql";

constexpr char kLockReadableCheckouts[] = R"sql(
  SELECT id, details FROM checkouts
  WHERE sealed_details IS NULL
    AND details ?| ARRAY['receiver_email', 'receiver_name', 'giver_name', 'message', 'public_name']
  ORDER BY id
  FOR UPDATE
)sql";

constexpr char kSealCheckout[] = R"sql(
  UPDATE checkouts SET details = $2, sealed_details = $3 WHERE id = $1
)sql";

std::string Resource(absl::string_view id) { return absl::StrCat("checkouts/", id); }

std::optional<db::Bytes> Sealed(absl::string_view id, const DividedDetails& details) {
  if (details.personal.empty()) return std::nullopt;
  return db::Bytes{SealWords(details.personal, Resource(id))};
}

Checkout FromRow(const pqxx::row& row) {
  Checkout checkout;
  checkout.member_id = row["member_id"].c_str();
  checkout.id = row["id"].c_str();
  checkout.kind = ParseCheckoutKind(row["kind"].c_str()).value();
  checkout.state = ParseCheckoutState(row["state"].c_str()).value();
  checkout.price_id = row["price_id"].c_str();
  checkout.offer_id = row["offer_id"].c_str();
  checkout.money = {row["currency"].c_str(), row["amount"].as<int64_t>()};
  checkout.unit_amount = row["unit_amount"].as<int64_t>();
  checkout.quantity = row["quantity"].as<int32_t>();
  checkout.seats = row["seats"].as<int32_t>();
  checkout.details = row["details"].c_str();
  if (!row["sealed_details"].is_null()) {
    checkout.details =
        JoinDetails(checkout.details, OpenWords(db::ReadBytes(row["sealed_details"]), Resource(checkout.id)));
  }
  checkout.attribution = row["attribution"].c_str();
  checkout.subscription_id = row["subscription_id"].c_str();
  checkout.invoice_id = row["invoice_id"].c_str();
  checkout.provider = row["provider"].c_str();
  checkout.provider_ref = row["provider_ref"].c_str();
  checkout.url = row["url"].c_str();
  checkout.success_url = row["success_url"].c_str();
  checkout.cancel_url = row["cancel_url"].c_str();
  checkout.revision = row["revision"].as<int64_t>();
  checkout.create_time = row["create_time"].as<absl::Time>();
  checkout.expire_time = row["expire_time"].as<absl::Time>();
  checkout.complete_time = row["complete_time"].as<std::optional<absl::Time>>();
  return checkout;
}

std::optional<Checkout> FirstRow(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace

void InsertCheckout(db::Transaction& tx, const Checkout& checkout) {
  const DividedDetails details = DivideDetails(checkout.details);
  tx.Query(kInsertCheckout, checkout.id, checkout.member_id, Name(checkout.kind), Name(checkout.state),
           checkout.price_id, checkout.offer_id, checkout.money.currency, checkout.money.amount, checkout.unit_amount,
           checkout.quantity, checkout.seats, details.rest, checkout.attribution, checkout.subscription_id,
           checkout.provider, checkout.success_url, checkout.cancel_url, checkout.revision, checkout.create_time,
           checkout.expire_time, Sealed(checkout.id, details));
}

void SealReadableCheckouts(db::Transaction& tx) {
  for (const pqxx::row& row : tx.Query(kLockReadableCheckouts)) {
    const DividedDetails details = DivideDetails(row["details"].c_str());
    tx.Query(kSealCheckout, row["id"].c_str(), details.rest, Sealed(row["id"].c_str(), details));
  }
}

std::optional<Checkout> LoadCheckout(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLoadCheckout, id));
}

std::optional<Checkout> LockCheckout(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockCheckout, id));
}

std::optional<Checkout> LoadCheckoutByRef(db::Transaction& tx, absl::string_view provider,
                                          absl::string_view provider_ref) {
  return FirstRow(tx.Query(kLoadCheckoutByRef, provider, provider_ref));
}

std::optional<Checkout> LoadOpeningCheckout(db::Transaction& tx, absl::string_view subscription_id) {
  return FirstRow(tx.Query(kLoadOpeningCheckout, subscription_id));
}

void SaveCheckout(db::Transaction& tx, Checkout& checkout) {
  ++checkout.revision;
  tx.Query(kSaveCheckout, checkout.id, Name(checkout.state), checkout.subscription_id, checkout.invoice_id,
           checkout.provider_ref, checkout.url, checkout.expire_time, checkout.complete_time, checkout.revision);
}

std::vector<DueCheckout> LoadDueCheckouts(db::Transaction& tx, int limit) {
  std::vector<DueCheckout> due;
  for (const pqxx::row& row : tx.Query(kLoadDueCheckouts, limit)) due.push_back({row[0].c_str(), row[1].c_str()});
  return due;
}

std::optional<Checkout> LockDueCheckout(db::Transaction& tx, absl::string_view id) {
  return FirstRow(tx.Query(kLockDueCheckout, id));
}

std::string LoadLiveSubscription(db::Transaction& tx, absl::string_view member_id, absl::string_view product_group) {
  const pqxx::result rows = tx.Query(kLoadLiveSubscription, member_id, product_group);
  return rows.empty() ? "" : rows[0][0].c_str();
}

std::optional<std::string> LoadSubscriptionCurrency(db::Transaction& tx, absl::string_view member_id,
                                                    absl::string_view subscription_id) {
  const pqxx::result rows = tx.Query(kLoadSubscriptionCurrency, member_id, subscription_id);
  if (rows.empty()) return std::nullopt;
  return rows[0][0].c_str();
}

}  // namespace masthead::memberships

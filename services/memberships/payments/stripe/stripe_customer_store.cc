#include "services/memberships/payments/stripe/stripe_customer_store.h"

namespace masthead::memberships::stripe {
namespace {

constexpr char kLoadCustomer[] = R"sql(
  SELECT customer_ref FROM stripe_customers WHERE member_id = $1
)sql";

constexpr char kInsertCustomer[] = R"sql(
  INSERT INTO stripe_customers (member_id, customer_ref)
  VALUES ($1, $2)
  ON CONFLICT DO NOTHING
)sql";

}  // namespace

std::optional<std::string> LoadCustomer(db::Transaction& tx, absl::string_view member_id) {
  const pqxx::result rows = tx.Query(kLoadCustomer, member_id);
  if (rows.empty()) return std::nullopt;
  return rows.front()[0].as<std::string>();
}

void InsertCustomer(db::Transaction& tx, absl::string_view member_id, absl::string_view customer_ref) {
  tx.Query(kInsertCustomer, member_id, customer_ref);
}

}  // namespace masthead::memberships::stripe

#include "services/memberships/payments/stripe/stripe_customer_store.h"

namespace masthead::memberships::stripe {
namespace {

constexpr char kLoadCustomer[] = R"sql(
  SELECT customer_ref FROM stripe_customers WHERE member_id = $1
)sql";

// The own one first, then those of names that were merged.
constexpr char kLoadCustomers[] = R"sql(
  SELECT c.customer_ref
  FROM stripe_customers c
  WHERE c.member_id = ANY (ARRAY(SELECT id FROM members WHERE id = $1 OR merged_into = $1) || $1::text)
  ORDER BY c.member_id <> $1, c.member_id
)sql";

constexpr char kInsertCustomer[] = R"sql(
  INSERT INTO stripe_customers (member_id, customer_ref)
  VALUES ($1, $2)
  ON CONFLICT DO NOTHING
)sql";

constexpr char kRemoveCustomer[] = R"sql(
  DELETE FROM stripe_customers WHERE member_id = $1
)sql";

}  // namespace

std::optional<std::string> LoadCustomer(db::Transaction& tx, absl::string_view member_id) {
  const pqxx::result rows = tx.Query(kLoadCustomer, member_id);
  if (rows.empty()) return std::nullopt;
  return rows.front()[0].as<std::string>();
}

std::vector<std::string> LoadCustomers(db::Transaction& tx, absl::string_view member_id) {
  std::vector<std::string> customers;
  for (const pqxx::row& row : tx.Query(kLoadCustomers, member_id)) customers.push_back(row[0].as<std::string>());
  return customers;
}

void InsertCustomer(db::Transaction& tx, absl::string_view member_id, absl::string_view customer_ref) {
  tx.Query(kInsertCustomer, member_id, customer_ref);
}

void RemoveCustomer(db::Transaction& tx, absl::string_view member_id) { tx.Query(kRemoveCustomer, member_id); }

}  // namespace masthead::memberships::stripe

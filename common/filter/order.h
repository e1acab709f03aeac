// `order_by` of a List method (AIP-132): one field of the method's allow-list and a direction, the ID breaking ties, so
// that a keyset page is one range of an index.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/types.h"

namespace masthead::filter {

// What a method orders by.
struct OrderField {
  std::string name;         // As callers write it.
  std::string sql;          // An expression that is never NULL, with its collation if it is text.
  std::string type;         // In Postgres: `timestamptz`.
  bool descending = false;  // Of a default only; callers say `desc`.
};

class Order {
 public:
  // `field`, `field asc` or `field desc`; empty means the first of `fields`, in its default direction. `id_sql` is the
  // unique text that breaks ties. INVALID_ARGUMENT, BAD_ORDER_BY.
  static absl::StatusOr<Order> Parse(absl::string_view text, const std::vector<OrderField>& fields, std::string id_sql);

  // For ORDER BY.
  std::string ToSql() const;

  // To be selected as the keyset value of a row, beside its ID.
  std::string KeySql() const;

  // The condition for what follows the row with that key and ID.
  std::string AfterSql(const std::string& key, const std::string& id, db::Parameters& parameters) const;

 private:
  std::string sql_;
  std::string type_;
  std::string id_sql_;
  bool descending_ = false;
};

}  // namespace masthead::filter

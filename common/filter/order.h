// `order_by` of a List method (AIP-132): one field of the method's allow-list and a direction, the ID breaking ties, so
// that a keyset page is one range of an index.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/db/types.h"
#include "common/filter/filter.h"

namespace masthead::filter {

// What a method orders by.
struct OrderField {
  std::string name;         // As callers write it.
  std::string sql;          // An expression that is never NULL, with its collation if it is text.
  std::string type;         // In Postgres: `timestamptz`.
  bool descending = false;  // Of a default only; callers say `desc`.
};

// INVALID_ARGUMENT, BAD_ORDER_BY. `admitted` says what there is.
absl::Status BadOrderBy(absl::string_view order_by, absl::string_view admitted);

// A row that a page ended with: what it is ordered by, as text, and its ID.
struct Position {
  std::string key;
  std::string id;
};

// From the values of a page token; nullopt for the first page.
std::optional<Position> PositionFromKeys(const std::vector<std::string>& keys);

std::vector<std::string> IdsOf(const std::vector<Position>& page);

class Order {
 public:
  // `field`, `field asc` or `field desc`; empty means the first of `fields`, in its default direction. `id_sql` is the
  // unique text that breaks ties. INVALID_ARGUMENT, BAD_ORDER_BY.
  static absl::StatusOr<Order> Parse(absl::string_view text, const std::vector<OrderField>& fields, std::string id_sql);

  // For ORDER BY.
  std::string ToSql() const;

  // To be selected as the key of a row's Position.
  std::string KeySql() const;

  // The condition for what follows that row.
  std::string AfterSql(const Position& position, db::Parameters& parameters) const;

 private:
  std::string sql_;
  std::string type_;
  std::string id_sql_;
  bool descending_ = false;
};

// What follows FROM in a statement for one page: the condition, where the page starts, the order, the limit.
std::string PageSql(const Filter& filter, const Order& order, const std::optional<Position>& after, int limit,
                    db::Parameters& parameters);

}  // namespace masthead::filter

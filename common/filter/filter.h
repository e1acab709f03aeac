// `filter` of a List method (AIP-160): parsed, checked against the method's allow-list, compiled to a condition in
// which every value of the caller is a parameter.
//
//   ASSIGN_OR_RETURN(const filter::Filter filter, filter::Filter::Parse(request.filter(), ArticleFields()));
//   ...
//   db::Parameters parameters;
//   const std::string where = filter.ToSql(parameters);
//   tx.QueryComposed(absl::StrCat(kSelect, " WHERE ", where, ...), parameters);
//
// A condition is true or false, never unknown, where NOT could make a difference: what is not set differs from every
// value, and NOT gives exactly the rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/types.h"
#include "common/filter/fields.h"

namespace masthead::filter {

class Filter {
 public:
  // Lets everything pass.
  Filter() = default;

  // INVALID_ARGUMENT, BAD_FILTER, naming the field and the column: beyond the limits of syntax.h, malformed, or with a
  // field, comparator or value that `fields` does not admit.
  static absl::StatusOr<Filter> Parse(absl::string_view text, const Fields& fields);

  bool empty() const { return pieces_.empty(); }

  // In parentheses; `TRUE` for an empty filter. Adds its values to `parameters`.
  std::string ToSql(db::Parameters& parameters) const;

  using Value = std::variant<std::string, int64_t, bool, absl::Time>;
  // SQL and then, maybe, a parameter.
  struct Piece {
    std::string sql;
    std::optional<Value> value = {};
  };

 private:
  explicit Filter(std::vector<Piece> pieces) : pieces_(std::move(pieces)) {}

  std::vector<Piece> pieces_;
};

}  // namespace masthead::filter

#include "common/filter/order.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"

namespace masthead::filter {
namespace {

std::string Names(const std::vector<OrderField>& fields) {
  return absl::StrJoin(fields, ", ",
                       [](std::string* out, const OrderField& field) { absl::StrAppend(out, field.name); });
}

// What the caller ordered by, as far as it may be said back: details travel in trailers, which are small.
std::string Quoted(absl::string_view order_by) {
  constexpr size_t kMaxBytes = 100;
  const absl::string_view field = order_by.substr(0, order_by.find(' '));
  const bool sayable =
      field.size() <= kMaxBytes && absl::c_all_of(field, [](char c) { return absl::ascii_isgraph(c); });
  return sayable ? std::string(field) : "";
}

}  // namespace

absl::Status BadOrderBy(absl::string_view order_by, absl::string_view admitted) {
  return MakeError(absl::StatusCode::kInvalidArgument, absl::StrCat("order_by is one of ", admitted),
                   {kCommonErrorDomain, "BAD_ORDER_BY", {{"field", Quoted(order_by)}}});
}

std::optional<Position> PositionFromKeys(const std::vector<std::string>& keys) {
  if (keys.size() != 2) return std::nullopt;
  return Position{keys[0], keys[1]};
}

std::vector<std::string> IdsOf(const std::vector<Position>& page) {
  std::vector<std::string> ids;
  for (const Position& position : page) ids.push_back(position.id);
  return ids;
}

absl::StatusOr<Order> Order::Parse(absl::string_view text, const std::vector<OrderField>& fields, std::string id_sql) {
  const std::vector<std::string> words = absl::StrSplit(text, ' ', absl::SkipWhitespace());
  Order order;
  order.id_sql_ = std::move(id_sql);
  auto chosen = fields.begin();
  if (words.empty()) {
    order.descending_ = chosen->descending;
  } else {
    chosen = absl::c_find_if(fields, [&](const OrderField& field) { return field.name == words[0]; });
    if (chosen == fields.end() || words.size() > 2 || (words.size() == 2 && words[1] != "asc" && words[1] != "desc")) {
      return BadOrderBy(words[0], absl::StrCat(Names(fields), ", with asc or desc after it or without"));
    }
    order.descending_ = words.size() == 2 && words[1] == "desc";
  }
  order.sql_ = chosen->sql;
  order.type_ = chosen->type;
  return order;
}

std::string Order::ToSql() const {
  const absl::string_view direction = descending_ ? " DESC" : "";
  return absl::StrCat(sql_, direction, ", ", id_sql_, direction);
}

std::string Order::KeySql() const { return absl::StrCat("(", sql_, ")::text"); }

std::string Order::AfterSql(const Position& position, db::Parameters& parameters) const {
  const std::string key = parameters.Add(position.key);
  const std::string id = parameters.Add(position.id);
  return absl::StrCat("(", sql_, ", ", id_sql_, ")", descending_ ? " < " : " > ", "(", key, "::", type_, ", ", id,
                      "::text)");
}

std::string PageSql(const Filter& filter, const Order& order, const std::optional<Position>& after, int limit,
                    db::Parameters& parameters) {
  std::string sql = absl::StrCat(" WHERE ", filter.ToSql(parameters));
  if (after.has_value()) absl::StrAppend(&sql, " AND ", order.AfterSql(*after, parameters));
  absl::StrAppend(&sql, " ORDER BY ", order.ToSql(), " LIMIT ", limit);
  return sql;
}

}  // namespace masthead::filter

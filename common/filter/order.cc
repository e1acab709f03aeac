#include "common/filter/order.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/errors.h"

namespace masthead::filter {
namespace {

absl::Status BadOrderBy(absl::string_view field, const std::vector<OrderField>& fields) {
  const std::string names = absl::StrJoin(
      fields, ", ", [](std::string* out, const OrderField& candidate) { absl::StrAppend(out, candidate.name); });
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("order_by is one of ", names, ", with asc or desc after it or without"),
                   {kCommonErrorDomain, "BAD_ORDER_BY", {{"field", std::string(field.substr(0, 100))}}});
}

}  // namespace

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
      return BadOrderBy(words[0], fields);
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

std::string Order::AfterSql(const std::string& key, const std::string& id, db::Parameters& parameters) const {
  const std::string key_place = parameters.Add(key);
  const std::string id_place = parameters.Add(id);
  return absl::StrCat("(", sql_, ", ", id_sql_, ")", descending_ ? " < " : " > ", "(", key_place, "::", type_, ", ",
                      id_place, "::text)");
}

}  // namespace masthead::filter

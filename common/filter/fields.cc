#include "common/filter/fields.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace masthead::filter {
namespace {

size_t Places(absl::string_view sql) {
  size_t places = 0;
  for (size_t at = sql.find("{}"); at != absl::string_view::npos; at = sql.find("{}", at + 2)) ++places;
  return places;
}

bool IsWellMade(const Field& field) {
  const bool takes_value = field.condition || field.type == Type::kMap;
  return !field.name.empty() && Places(field.sql) == (takes_value ? 1U : 0U) &&
         (field.type == Type::kEnum) != field.values.empty() &&
         (field.lookup.empty() || (field.type == Type::kMap && Places(field.lookup) == 2));
}

}  // namespace

Field Text(std::string name, std::string sql) { return {std::move(name), Type::kText, std::move(sql)}; }
Field Enum(std::string name, std::string sql, std::vector<std::string> values) {
  return {std::move(name), Type::kEnum, std::move(sql), std::move(values)};
}
Field Boolean(std::string name, std::string sql) { return {std::move(name), Type::kBoolean, std::move(sql)}; }
Field Integer(std::string name, std::string sql) { return {std::move(name), Type::kInteger, std::move(sql)}; }
Field Time(std::string name, std::string sql) { return {std::move(name), Type::kTime, std::move(sql)}; }
Field Name(std::string name, std::string sql, std::string pattern) {
  return {.name = std::move(name), .type = Type::kName, .sql = std::move(sql), .pattern = std::move(pattern)};
}
Field Phrase(std::string name, std::string sql) { return {std::move(name), Type::kPhrase, std::move(sql)}; }
Field List(std::string name, std::string sql) {
  return {.name = std::move(name), .type = Type::kList, .sql = std::move(sql), .condition = true};
}
Field NameList(std::string name, std::string sql, std::string pattern) {
  Field field = List(std::move(name), std::move(sql));
  field.pattern = std::move(pattern);
  return field;
}
Field NameMatch(std::string name, std::string sql, std::string pattern) {
  Field field = Name(std::move(name), std::move(sql), std::move(pattern));
  field.condition = true;
  return field;
}
Field Map(std::string name, std::string sql) {
  return {.name = std::move(name), .type = Type::kMap, .sql = std::move(sql), .optional = true};
}
Field Lookup(Field map, std::string condition) {
  map.lookup = std::move(condition);
  return map;
}
Field Optional(Field field) {
  field.optional = true;
  return field;
}

Fields::Fields(std::vector<Field> fields) : fields_(std::move(fields)) {
  if (!absl::c_all_of(fields_, IsWellMade)) std::abort();
  absl::c_sort(fields_, [](const Field& a, const Field& b) { return a.name < b.name; });
}

const Field* Fields::Find(const std::vector<std::string>& path, std::string* key) const {
  const std::string whole = absl::StrJoin(path, ".");
  const std::string map = absl::StrJoin(path.begin(), path.end() - 1, ".");
  for (const Field& field : fields_) {
    if (field.type != Type::kMap && field.name == whole) return &field;
    if (field.type == Type::kMap && field.name == map) {
      *key = path.back();
      return &field;
    }
  }
  return nullptr;
}

std::string Fields::Names() const {
  return absl::StrJoin(fields_, ", ", [](std::string* out, const Field& field) {
    absl::StrAppend(out, field.name, field.type == Type::kMap ? ".*" : "");
  });
}

}  // namespace masthead::filter

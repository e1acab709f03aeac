// The allow-list: which fields a List method filters and orders by, of which type, and what each is in SQL. The only
// SQL that a filter is ever made of stands here; what a caller writes ends up in parameters.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace masthead::filter {

enum class Type {
  kText,     // Equal or not.
  kPhrase,   // `:` part of the text, whatever its case.
  kEnum,     // Equal or not.
  kBoolean,  // Equal or not.
  kInteger,  // All comparators but `:`.
  kTime,     // The same; RFC 3339.
  kName,     // A resource name; equal or not.
  kList,     // `:` one of several.
  kMap,      // `labels.key`: equal or not; `labels.key:*` is there or not.
};

struct Field {
  std::string name;  // As callers write it: `state`, `access.level`.
  Type type = Type::kText;
  std::string sql;                       // An expression, or a condition: see the functions below.
  std::vector<std::string> values = {};  // Of a kEnum.
  std::string pattern = {};              // Of resource names, `sections/*`; SQL is given the last ID.
  bool condition = false;                // `sql` is a condition with `{}` for the value, not an expression.
  bool optional = false;                 // `field:*` asks whether it is set.
  std::string lookup = {};               // Of a kMap: a condition for `=`, with `{}` for the key and then the value.
};

// In `sql` of these, an expression of the type.
Field Text(std::string name, std::string sql);
Field Enum(std::string name, std::string sql, std::vector<std::string> values);
Field Boolean(std::string name, std::string sql);
Field Integer(std::string name, std::string sql);
Field Time(std::string name, std::string sql);
Field Name(std::string name, std::string sql, std::string pattern);
// Text in which a part is looked for. Case is folded by Unicode's rules, whatever the database's locale.
Field Phrase(std::string name, std::string sql);
// In `sql` `{}` stands for the value, text or the ID in a name of `pattern`: `tag_ids @> ARRAY[{}]`.
Field List(std::string name, std::string sql);
Field NameList(std::string name, std::string sql, std::string pattern);
// A name that is compared by a condition rather than an expression: `section_path LIKE ...{}...`; `=` and `!=`.
Field NameMatch(std::string name, std::string sql, std::string pattern);
// In `sql` `{}` stands for the key, and the whole is text: `labels->>{}`.
Field Map(std::string name, std::string sql);
// The same kMap, compared by a condition that an index answers: `id = (SELECT ... WHERE key = {} AND value = {})`.
Field Lookup(Field map, std::string condition);
// The same field, and `field:*` asks whether it is not NULL.
Field Optional(Field field);

class Fields {
 public:
  // Aborts at SQL that lacks its `{}`, or has one too many: a wiring bug.
  explicit Fields(std::vector<Field> fields);

  // Null for what is not in the list. `key` is set to the last part of the path for a kMap.
  const Field* Find(const std::vector<std::string>& path, std::string* key) const;

  // For messages: `access.level, labels.*, state`.
  std::string Names() const;

 private:
  std::vector<Field> fields_;
};

}  // namespace masthead::filter

#include "common/filter/filter.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/filter/syntax.h"
#include "common/resource/name.h"

namespace masthead::filter {
namespace {

using Piece = Filter::Piece;
using Value = Filter::Value;

// Folds case by Unicode's rules, which a C locale does not.
constexpr char kFolded[] = " COLLATE \"und-x-icu\")";

absl::string_view Cast(const Value& value) {
  struct Name {
    absl::string_view operator()(const std::string&) { return "::text"; }
    absl::string_view operator()(int64_t) { return "::bigint"; }
    absl::string_view operator()(bool) { return "::boolean"; }
    absl::string_view operator()(absl::Time) { return "::timestamptz"; }
  };
  return std::visit(Name(), value);
}

std::string Kind(const Field& field) {
  switch (field.type) {
    case Type::kText:
    case Type::kPhrase:
    case Type::kMap:
      return "text";
    case Type::kEnum:
      return absl::StrCat("one of ", absl::StrJoin(field.values, ", "));
    case Type::kBoolean:
      return "true or false";
    case Type::kInteger:
      return "a whole number";
    case Type::kTime:
      return "a time (RFC 3339) of the years 1 to 9999";
    case Type::kName:
    case Type::kList:
      return field.pattern.empty() ? "text" : absl::StrCat("a name ", field.pattern);
  }
  return "";
}

absl::string_view Comparators(Type type) {
  switch (type) {
    case Type::kInteger:
    case Type::kTime:
      return "= != < <= > >=";
    case Type::kPhrase:
    case Type::kList:
      return ":";
    case Type::kText:
    case Type::kEnum:
    case Type::kBoolean:
    case Type::kName:
    case Type::kMap:
      return "= !=";
  }
  return "";
}

bool Admits(Type type, absl::string_view comparator) {
  return absl::c_linear_search(std::vector<absl::string_view>(absl::StrSplit(Comparators(type), ' ')), comparator);
}

std::optional<Value> ReadTime(absl::string_view text) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, nullptr)) return std::nullopt;
  const absl::Time first = absl::FromCivil(absl::CivilYear(1), absl::UTCTimeZone());
  const absl::Time end = absl::FromCivil(absl::CivilYear(10000), absl::UTCTimeZone());
  if (time < first || time >= end) return std::nullopt;
  return time;
}

// nullopt if the text is no such value.
std::optional<Value> ReadValue(const Field& field, const std::string& text) {
  switch (field.type) {
    case Type::kEnum:
      if (!absl::c_linear_search(field.values, text)) return std::nullopt;
      return text;
    case Type::kBoolean:
      if (text != "true" && text != "false") return std::nullopt;
      return text == "true";
    case Type::kInteger: {
      int64_t number = 0;
      if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
      return number;
    }
    case Type::kTime:
      return ReadTime(text);
    case Type::kName:
    case Type::kList: {
      if (field.pattern.empty()) return text;
      const auto ids = resource::ParseName(text, field.pattern);
      if (!ids.has_value()) return std::nullopt;
      return ids->back();
    }
    case Type::kText:
    case Type::kPhrase:
    case Type::kMap:
      return text;
  }
  return std::nullopt;
}

class Compiler {
 public:
  explicit Compiler(const Fields& fields) : fields_(fields) {}

  absl::Status Compile(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kAll:
        return Join(node.children, " AND ");
      case Node::Kind::kAny:
        return Join(node.children, " OR ");
      case Node::Kind::kNot:
        Add("(");
        RETURN_IF_ERROR(Compile(node.children.front()));
        Add(" IS NOT TRUE)");
        return absl::OkStatus();
      case Node::Kind::kRestriction:
        return Compare(node.restriction);
    }
    return absl::OkStatus();
  }

  std::vector<Piece> Take() { return std::move(pieces_); }

 private:
  void Add(absl::string_view sql) { pieces_.push_back({std::string(sql)}); }

  // `sql` with the values at its `{}`, in their order.
  void AddTemplate(absl::string_view sql, const std::vector<Value>& values) {
    for (const Value& value : values) {
      const size_t place = sql.find("{}");
      pieces_.push_back({std::string(sql.substr(0, place)), value});
      sql.remove_prefix(place + 2);
    }
    Add(sql);
  }

  // True or false; `!=` is what the condition is not.
  void AddCondition(absl::string_view sql, const std::vector<Value>& values, const std::string& comparator) {
    Add("((");
    AddTemplate(sql, values);
    Add(comparator == "!=" ? ") IS NOT TRUE)" : "))");
  }

  void AddExpression(const Field& field, const std::string& key) {
    if (field.type == Type::kMap) {
      AddTemplate(field.sql, {key});
    } else {
      Add(field.sql);
    }
  }

  absl::Status Join(const std::vector<Node>& children, absl::string_view conjunction) {
    Add("(");
    for (const Node& child : children) {
      if (&child != &children.front()) Add(conjunction);
      RETURN_IF_ERROR(Compile(child));
    }
    Add(")");
    return absl::OkStatus();
  }

  absl::Status Compare(const Restriction& restriction) {
    const std::string name = FieldName(restriction);
    std::string key;
    const Field* field = fields_.Find(restriction.path, &key);
    if (field == nullptr) {
      return BadFilter(absl::StrCat("there is no such field; there are ", fields_.Names()), restriction.column, name);
    }
    const bool any_value = restriction.comparator == ":" && restriction.value == "*" && !restriction.quoted;
    if (any_value && field->optional) {
      Add("((");
      AddExpression(*field, key);
      Add(") IS NOT NULL)");
      return absl::OkStatus();
    }
    if (!Admits(field->type, restriction.comparator)) {
      return BadFilter(absl::StrCat("takes ", Comparators(field->type), field->optional ? " and :*" : "", ", not ",
                                    restriction.comparator),
                       restriction.column, name);
    }
    const std::optional<Value> value = ReadValue(*field, restriction.value);
    if (!value.has_value()) return BadFilter(absl::StrCat("is ", Kind(*field)), restriction.value_column, name);
    AddComparison(*field, key, restriction.comparator, *value);
    return absl::OkStatus();
  }

  void AddComparison(const Field& field, const std::string& key, const std::string& comparator, const Value& value) {
    if (field.condition) return AddCondition(field.sql, {value}, comparator);
    if (!field.lookup.empty()) return AddCondition(field.lookup, {key, value}, comparator);
    if (field.type == Type::kPhrase) {
      Add(absl::StrCat("(strpos(lower((", field.sql, ")", kFolded, ", lower("));
      pieces_.push_back({"", value});
      Add(absl::StrCat(kFolded, ") > 0)"));
      return;
    }
    Add("((");
    AddExpression(field, key);
    pieces_.push_back({absl::StrCat(") ", comparator == "!=" ? "IS DISTINCT FROM" : comparator, " "), value});
    Add(")");
  }

  const Fields& fields_;
  std::vector<Piece> pieces_;
};

}  // namespace

absl::StatusOr<Filter> Filter::Parse(absl::string_view text, const Fields& fields) {
  ASSIGN_OR_RETURN(const Node root, ParseSyntax(text));
  if (root.kind == Node::Kind::kAll && root.children.empty()) return Filter();
  Compiler compiler(fields);
  RETURN_IF_ERROR(compiler.Compile(root));
  return Filter(compiler.Take());
}

std::string Filter::ToSql(db::Parameters& parameters) const {
  if (pieces_.empty()) return "TRUE";
  std::string sql;
  for (const Piece& piece : pieces_) {
    sql += piece.sql;
    if (!piece.value.has_value()) continue;
    std::visit([&](const auto& value) { sql += parameters.Add(value); }, *piece.value);
    absl::StrAppend(&sql, Cast(*piece.value));
  }
  return sql;
}

}  // namespace masthead::filter

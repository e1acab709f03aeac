#include "services/articles/article/custom_fields_proto.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "services/articles/article/custom_fields.h"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;
using google::protobuf::Struct;
using google::protobuf::Value;

constexpr int kMaxDepth = 10;

Struct ToStruct(const Json& json);

Value ToValue(const Json& json) {
  Value value;
  if (json.is_object()) {
    *value.mutable_struct_value() = ToStruct(json);
  } else if (json.is_array()) {
    value.mutable_list_value();
    for (const Json& element : json) *value.mutable_list_value()->add_values() = ToValue(element);
  } else if (json.is_string()) {
    value.set_string_value(json.get<std::string>());
  } else if (json.is_boolean()) {
    value.set_bool_value(json.get<bool>());
  } else if (json.is_number()) {
    value.set_number_value(json.get<double>());
  } else {
    value.set_null_value(google::protobuf::NULL_VALUE);
  }
  return value;
}

Struct ToStruct(const Json& json) {
  Struct fields;
  for (const auto& [key, member] : json.items()) (*fields.mutable_fields())[key] = ToValue(member);
  return fields;
}

class Reader {
 public:
  Reader(absl::string_view field, FieldViolations& violations) : field_(field), violations_(violations) {}

  Json Read(const Struct& fields, int depth) {
    Json object = Json::object();
    if (TooDeep(depth)) return object;
    for (const auto& [key, member] : fields.fields()) object[key] = Read(member, depth);
    return object;
  }

 private:
  Json Read(const Value& value, int depth) {
    switch (value.kind_case()) {
      case Value::kStructValue:
        return Read(value.struct_value(), depth + 1);
      case Value::kListValue:
        return ReadList(value.list_value(), depth + 1);
      case Value::kStringValue:
        return value.string_value();
      case Value::kBoolValue:
        return value.bool_value();
      case Value::kNumberValue:
        if (!std::isfinite(value.number_value())) violations_.Add(field_, "holds a number that is none");
        return value.number_value();
      case Value::kNullValue:
      case Value::KIND_NOT_SET:
        return nullptr;
    }
    return nullptr;
  }

  Json ReadList(const google::protobuf::ListValue& list, int depth) {
    Json array = Json::array();
    if (TooDeep(depth)) return array;
    for (const Value& element : list.values()) array.push_back(Read(element, depth));
    return array;
  }

  bool TooDeep(int depth) {
    if (depth <= kMaxDepth) return false;
    violations_.Add(field_, absl::StrCat("is nested deeper than ", kMaxDepth));
    return true;
  }

  absl::string_view field_;
  FieldViolations& violations_;
};

}  // namespace

Struct CustomFieldsToProto(const std::string& json) { return json.empty() ? Struct() : ToStruct(Json::parse(json)); }

std::string ParseCustomFields(absl::string_view field, const Struct& fields, FieldViolations& violations) {
  const Json object = Reader(field, violations).Read(fields, 1);
  return object.empty() ? "" : CanonicalJson(object);
}

}  // namespace masthead::articles

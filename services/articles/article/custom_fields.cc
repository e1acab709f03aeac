#include "services/articles/article/custom_fields.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "nlohmann/json.hpp"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

Json Canonical(const Json& value) {
  if (value.is_object()) {
    Json object = Json::object();
    for (const auto& [key, member] : value.items()) object[key] = Canonical(member);
    return object;
  }
  if (value.is_array()) {
    Json array = Json::array();
    for (const Json& element : value) array.push_back(Canonical(element));
    return array;
  }
  if (value.is_number()) return value.get<double>() + 0.0;  // Negative zero is zero.
  return value;
}

void CheckString(absl::string_view field, std::string& value, FieldViolations& violations) {
  text::CheckText(field, value, std::numeric_limits<int64_t>::max(), /*required=*/false, violations);
}

Json Checked(absl::string_view field, const Json& value, FieldViolations& violations) {
  if (value.is_object()) {
    Json object = Json::object();
    for (const auto& [key, member] : value.items()) {
      std::string name = key;
      CheckString(field, name, violations);
      object[name] = Checked(field, member, violations);
    }
    return object;
  }
  if (value.is_array()) {
    Json array = Json::array();
    for (const Json& element : value) array.push_back(Checked(field, element, violations));
    return array;
  }
  if (!value.is_string()) return value;
  std::string text = value.get<std::string>();
  CheckString(field, text, violations);
  return text;
}

}  // namespace

std::string CanonicalJson(const Json& value) { return Canonical(value).dump(); }

void CheckCustomFields(absl::string_view field, std::string& json, FieldViolations& violations) {
  if (json.empty()) return;
  const Json fields = Checked(field, Json::parse(json), violations);
  json = fields.dump();
  if (fields.size() > kMaxCustomFields)
    violations.Add(field, absl::StrCat("has more than ", kMaxCustomFields, " fields"));
  if (json.size() > kMaxCustomFieldsBytes)
    violations.Add(field, absl::StrCat("has ", json.size(), " bytes, of at most ", kMaxCustomFieldsBytes));
}

}  // namespace masthead::articles

// What a newspaper wants to remember with an article and Masthead does not know: a JSON object.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/base/errors.h"
#include "nlohmann/json_fwd.hpp"

namespace masthead::articles {

inline constexpr size_t kMaxCustomFields = 64;
inline constexpr size_t kMaxCustomFieldsBytes = 16 << 10;

// One text for one value, so that equal objects are equal texts: keys in order, every number a double.
std::string CanonicalJson(const nlohmann::json& value);

// Normalises the texts of `json`, an object in its canonical form, and checks its limits; empty for none.
void CheckCustomFields(absl::string_view field, std::string& json, FieldViolations& violations);

}  // namespace masthead::articles

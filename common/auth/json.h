// JSON as strangers send it in tokens and key sets: read strictly, never with an exception.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace masthead::auth {

// An object. Nothing for text that is no JSON object, names a member twice (RFC 7515 section 4) or nests deeper
// than 16.
std::optional<nlohmann::json> ParseJsonObject(absl::string_view text);

// The member `name` if it is a string that is not empty; else null.
const std::string* FindText(const nlohmann::json& object, const char* name);

}  // namespace masthead::auth

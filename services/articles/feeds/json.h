// Writing JSON that others keep and put into pages.
#pragma once

#include <string>

#include "nlohmann/json_fwd.hpp"

namespace masthead::articles {

// Without what HTML would see in a script: no `<`, `>`, `&`, U+2028 and U+2029 but as escapes.
std::string WriteJson(const nlohmann::json& json);

}  // namespace masthead::articles

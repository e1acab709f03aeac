// Values of templates as they stand in the database: a JSON object of texts.
#pragma once

#include <map>
#include <string>

#include "absl/strings/string_view.h"

namespace masthead::notifications {

std::string ValuesToJson(const std::map<std::string, std::string>& values);

// Of what ValuesToJson has written.
std::map<std::string, std::string> ValuesFromJson(absl::string_view json);

}  // namespace masthead::notifications

#include "services/notifications/messages/values_json.h"

#include "nlohmann/json.hpp"

namespace masthead::notifications {

std::string ValuesToJson(const std::map<std::string, std::string>& values) { return nlohmann::json(values).dump(); }

std::map<std::string, std::string> ValuesFromJson(absl::string_view json) {
  return nlohmann::json::parse(json.begin(), json.end()).get<std::map<std::string, std::string>>();
}

}  // namespace masthead::notifications

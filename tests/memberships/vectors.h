// The published vectors of memberships' exact results, where they are at hand.
#pragma once

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>

#include "nlohmann/json.hpp"

namespace masthead::memberships {

// nullopt if MASTHEAD_VECTORS names no folder with them.
inline std::optional<nlohmann::json> PublishedVectors(const std::string& name) {
  const char* folder = std::getenv("MASTHEAD_VECTORS");
  std::ifstream file(std::string(folder == nullptr ? "" : folder) + "/memberships.json");
  if (folder == nullptr || !file) return std::nullopt;
  return nlohmann::json::parse(file).at(name);
}

}  // namespace masthead::memberships

// In a test that compares with them.
#define SKIP_WITHOUT_VECTORS(vectors) \
  if (!(vectors).has_value())         \
  GTEST_SKIP() << "NOT compared with the published vectors: set MASTHEAD_VECTORS to a folder with memberships.json"

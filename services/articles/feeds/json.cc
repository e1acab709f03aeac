#include "services/articles/feeds/json.h"

#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"

namespace masthead::articles {

std::string WriteJson(const nlohmann::json& json) {
  // These stand in strings alone, so that an escape is as good there.
  return absl::StrReplaceAll(
      json.dump(),
      {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}, {"\xE2\x80\xA8", "\\u2028"}, {"\xE2\x80\xA9", "\\u2029"}});
}

}  // namespace masthead::articles

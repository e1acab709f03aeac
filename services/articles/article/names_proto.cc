#include "services/articles/article/names_proto.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/resource/name.h"

namespace masthead::articles {

std::string ParseId(absl::string_view field, const std::string& name, absl::string_view pattern,
                    FieldViolations& violations) {
  const std::optional<std::vector<std::string>> ids = resource::ParseName(name, pattern);
  if (ids.has_value()) return ids->front();
  violations.Add(field, absl::StrCat("is no name ", pattern));
  return "";
}

std::vector<std::string> ParseIds(absl::string_view field, const RepeatedNames& names, absl::string_view pattern,
                                  FieldViolations& violations) {
  std::vector<std::string> ids;
  for (int i = 0; i < names.size(); ++i) {
    ids.push_back(ParseId(absl::StrCat(field, "[", i, "]"), names[i], pattern, violations));
  }
  return ids;
}

std::vector<std::string> ParseNames(absl::string_view field, const RepeatedNames& names, absl::string_view pattern,
                                    FieldViolations& violations) {
  ParseIds(field, names, pattern, violations);
  return {names.begin(), names.end()};
}

}  // namespace masthead::articles

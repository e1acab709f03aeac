#include "common/resource/name.h"

#include "absl/strings/str_split.h"
#include "common/ids/uuid.h"

namespace masthead::resource {

std::optional<std::vector<std::string>> ParseName(absl::string_view name, absl::string_view pattern) {
  const std::vector<absl::string_view> expected = absl::StrSplit(pattern, '/');
  const std::vector<absl::string_view> segments =
      absl::StrSplit(name, absl::MaxSplits('/', static_cast<int>(expected.size())));
  if (segments.size() != expected.size()) return std::nullopt;
  std::vector<std::string> ids;
  for (size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] != "*") {
      if (segments[i] != expected[i]) return std::nullopt;
      continue;
    }
    if (!ids::IsResourceId(segments[i])) return std::nullopt;
    ids.emplace_back(segments[i]);
  }
  return ids;
}

}  // namespace masthead::resource

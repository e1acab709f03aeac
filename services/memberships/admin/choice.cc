#include "services/memberships/admin/choice.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace masthead::memberships {

void CheckChoice(absl::string_view field, absl::Span<const absl::string_view> known, std::vector<std::string>& chosen,
                 FieldViolations& violations) {
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  for (const std::string& word : chosen) {
    if (std::find(known.begin(), known.end(), absl::string_view(word)) == known.end()) {
      violations.Add(field, absl::StrCat("must each be one of ", absl::StrJoin(known, ", ")));
      return;
    }
  }
}

}  // namespace masthead::memberships

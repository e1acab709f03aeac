#include "services/articles/reading/if_none_match.h"

#include "absl/strings/str_cat.h"

namespace masthead::articles {

void CheckIfNoneMatch(const std::string& etag, FieldViolations& violations) {
  if (etag.size() <= kMaxEtagBytes) return;
  violations.Add("if_none_match", absl::StrCat("has more than ", kMaxEtagBytes, " bytes"));
}

}  // namespace masthead::articles

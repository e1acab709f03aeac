#include "services/articles/redirects/redirect.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxPathBytes = 500;
constexpr size_t kMaxUriBytes = 2048;

bool IsPath(absl::string_view path) {
  // `//host` is another site to a browser.
  return path.size() > 1 && path.size() <= kMaxPathBytes && path[0] == '/' && path[1] != '/' && path.back() != '/' &&
         absl::c_all_of(path, [](char c) { return absl::ascii_isgraph(c) && c != '?' && c != '#' && c != '\\'; });
}

bool IsWebUri(absl::string_view uri) {
  return (absl::StartsWith(uri, "https://") || absl::StartsWith(uri, "http://")) && uri.size() <= kMaxUriBytes &&
         absl::c_all_of(uri, [](char c) { return absl::ascii_isgraph(c); });
}

}  // namespace

void CheckRedirect(const PathRedirect& redirect, FieldViolations& violations) {
  if (!IsPath(redirect.from_path)) violations.Add("path_redirect.from_path", "is no path such as /shop");
  if (redirect.status != kMovedForGood && redirect.status != kMovedForNow && redirect.status != kGone) {
    violations.Add("path_redirect.status", "is not 301, 302 or 410");
  }
  if (redirect.status == kGone) {
    if (!redirect.target.empty()) violations.Add("path_redirect.to", "must be empty for what is gone");
  } else if (!IsPath(redirect.target) && !IsWebUri(redirect.target)) {
    violations.Add("path_redirect.to", "is no path and no https or http URI");
  }
}

}  // namespace masthead::articles

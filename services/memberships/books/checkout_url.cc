#include "services/memberships/books/checkout_url.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace masthead::memberships {
namespace {

constexpr size_t kMaxUrl = 2'048;

// The origin ends where the path, the query or the fragment begins: `https://news.example.evil` and
// `https://news.example@evil` are elsewhere.
bool IsAt(absl::string_view origin, absl::string_view url) {
  if (!absl::StartsWith(url, origin)) return false;
  url.remove_prefix(origin.size());
  return url.empty() || url.front() == '/' || url.front() == '?' || url.front() == '#';
}

}  // namespace

void CheckReturnUrl(absl::string_view field, absl::string_view url, const std::vector<std::string>& origins,
                    FieldViolations& violations) {
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) { return absl::ascii_isgraph(c) && c != '\\'; });
  const bool at_home =
      std::any_of(origins.begin(), origins.end(), [&](const std::string& origin) { return IsAt(origin, url); });
  if (url.size() > kMaxUrl || !plain || !at_home) {
    violations.Add(field, "must be a URL of at most 2,048 bytes at an origin that the newspaper allows");
  }
}

}  // namespace masthead::memberships

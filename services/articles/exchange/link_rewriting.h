// Links from one imported article to another, once both are there.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "services/articles/article/block.h"

namespace masthead::articles {

// A host as links are compared by: without `www.` before it.
std::string SiteName(absl::string_view uri);

// The paths on that site that links of `body` lead to.
std::set<std::string> LinkedPaths(const std::vector<Block>& body, const std::string& site);

// Gives every link to the site that `target` knows the path of another address; what follows `#` stays. Whether any
// changed.
bool RewriteLinks(std::vector<Block>& body, const std::string& site,
                  absl::FunctionRef<std::optional<std::string>(const std::string& path)> target);

}  // namespace masthead::articles

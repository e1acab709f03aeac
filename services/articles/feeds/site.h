// The newspaper as its readers know it.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace masthead::articles {

struct Site {
  std::string url;   // `https://news.example`, without a slash at the end.
  std::string name;  // The publication's.
};

// INVALID_ARGUMENT unless it is that, or all of it is empty. Pages of sitemaps count on a URL of at most
// kMaxSiteUrlBytes.
inline constexpr size_t kMaxSiteUrlBytes = 100;
absl::Status CheckSite(const Site& site);

// SITE_NOT_CONFIGURED.
absl::Status CheckConfigured(const Site& site);

}  // namespace masthead::articles

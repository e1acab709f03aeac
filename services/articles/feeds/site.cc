#include "services/articles/feeds/site.h"

#include "absl/strings/str_cat.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/errors.h"

namespace masthead::articles {

absl::Status CheckSite(const Site& site) {
  if (site.url.empty() && site.name.empty()) return absl::OkStatus();
  const bool is_url = IsWebUri(site.url) && site.url.back() != '/' && site.url.size() <= kMaxSiteUrlBytes;
  if (is_url && !site.name.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--site_url must be an https or http URL of at most ", kMaxSiteUrlBytes,
                   " bytes without a slash at the end, and --publication_name be set with it"));
}

absl::Status CheckConfigured(const Site& site) {
  return site.url.empty() || site.name.empty() ? SiteNotConfigured() : absl::OkStatus();
}

}  // namespace masthead::articles

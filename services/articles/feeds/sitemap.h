// Sitemaps for search engines (sitemaps.org, and Google's news extension of it).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/articles/feeds/site.h"

namespace masthead::articles {

// The format allows 50,000 URLs and 50 MB; fewer, so that a page fits into a message of 4 MiB however long its URLs.
inline constexpr int kSitemapPageSize = 10'000;

// What the format allows.
inline constexpr int kMaxNewsUrls = 1'000;
inline constexpr absl::Duration kNewsWindow = absl::Hours(48);

// A page of the sitemap: the articles that readers first had in one month (UTC), or a part of them if they are many.
// So an archive's pages stay what they are.
struct SitemapPage {
  absl::CivilMonth month;
  int part = 1;
};

// `2024-02`, `2024-02-2` for the second part.
std::string NameOf(const SitemapPage& page);
std::optional<SitemapPage> ParseSitemapPage(absl::string_view name);

// A month in which articles were first published.
struct PublishedMonth {
  absl::CivilMonth month;
  int64_t articles = 0;
  absl::Time last_modified;
};

struct SitemapUrl {
  std::string path;
  absl::Time last_modified;
};

struct NewsUrl {
  std::string path;
  std::string headline;
  std::string language_code;
  absl::Time publish_time;
};

// The index of all pages, each found at `{site}/sitemaps/{page}.xml`.
std::string WriteSitemapIndex(const std::vector<PublishedMonth>& months, const Site& site);
std::string WriteSitemap(const std::vector<SitemapUrl>& urls, const Site& site);
std::string WriteNewsSitemap(const std::vector<NewsUrl>& urls, const Site& site);

}  // namespace masthead::articles

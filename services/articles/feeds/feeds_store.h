// Which articles feeds and sitemaps tell of, from Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/feeds/sitemap.h"
#include "services/articles/reading/live_article.h"

namespace masthead::articles {

// Of what a feed tells.
struct FeedScope {
  enum class Kind { kPaper, kSection, kTag, kContributor, kCuratedList };

  Kind kind = Kind::kPaper;
  std::string id;             // Empty for kPaper.
  std::string language_code;  // Empty for all.
};

// The latest by their first publication, which never changes; those that were retracted among them. Not of a curated
// list, which has an order of its own.
std::vector<LiveArticle> LoadFeedArticles(db::Transaction& tx, const FeedScope& scope, int limit);

// What RenderJsonLd tells of: a public article, or one that was retracted; nullopt if it is neither.
std::optional<LiveArticle> LoadPublicArticle(db::Transaction& tx, const std::string& id);

// The latest month last.
std::vector<PublishedMonth> LoadPublishedMonths(db::Transaction& tx);

// Those of the page that search engines may index, and whose own address is theirs.
std::vector<SitemapUrl> LoadSitemapUrls(db::Transaction& tx, const SitemapPage& page, const std::string& site_url);

// Those of kNewsWindow, the latest first, as LoadSitemapUrls.
std::vector<NewsUrl> LoadNewsUrls(db::Transaction& tx, const std::string& site_url);

}  // namespace masthead::articles

#include "services/articles/feeds/feeds_service.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/errors.h"
#include "common/base/status_macros.h"
#include "common/db/snapshot.h"
#include "common/paging/page_token.h"
#include "common/resource/name.h"
#include "services/articles/curation/curated_list_proto.h"
#include "services/articles/curation/front_page_store.h"
#include "services/articles/errors.h"
#include "services/articles/feeds/feed_request.h"
#include "services/articles/feeds/feeds_store.h"
#include "services/articles/feeds/formats.h"
#include "services/articles/feeds/json_ld.h"
#include "services/articles/feeds/sitemap.h"
#include "services/articles/live/live_store.h"
#include "services/articles/reading/if_none_match.h"
#include "services/articles/reading/path_resolution.h"
#include "services/articles/reading/reading_proto.h"
#include "services/articles/reading/reading_store.h"
#include "services/articles/taxonomy/contributor_store.h"
#include "services/articles/taxonomy/section_store.h"
#include "services/articles/taxonomy/tag_store.h"

namespace masthead::articles {
namespace {

using Format = v1::RenderFeedRequest::Format;

constexpr int kDefaultItems = 20;
constexpr int kMaxItems = 50;
constexpr int kMaxLiveUpdates = 50;
constexpr absl::Duration kLiveMaxAge = absl::Seconds(10);
constexpr char kAllArticles[] = "articles";
constexpr char kXml[] = "application/xml; charset=utf-8";
constexpr char kJsonLd[] = "application/ld+json; charset=utf-8";

struct Written {
  const char* content_type;
  std::string text;
};

Written Write(const Feed& feed, Format format) {
  switch (format) {
    case v1::RenderFeedRequest::ATOM:
      return {"application/atom+xml; charset=utf-8", WriteAtom(feed)};
    case v1::RenderFeedRequest::JSON_FEED:
      return {"application/feed+json; charset=utf-8", WriteJsonFeed(feed)};
    case v1::RenderFeedRequest::NINJS:
      return {"application/json; charset=utf-8", WriteNinjs(feed)};
    default:
      return {"application/rss+xml; charset=utf-8", WriteRss(feed)};
  }
}

// What the feed is of, to readers and to those who keep it.
struct Subject {
  std::string display_name = "";  // Empty for the whole newspaper.
  std::string key = "";
  std::vector<std::string> more_keys = {};
  absl::Duration max_age = kMaxAnswerAge;
  std::vector<std::string> listed_ids = {};  // What is on a curated list, in its order.
};

absl::StatusOr<Subject> FindList(db::Transaction& tx, const std::string& id) {
  ASSIGN_OR_RETURN(const FrontPage page, LoadFrontPage(tx, {id}, std::nullopt));
  const ListOnPage& on_page = page.lists.front();
  const v1::CachePolicy cache = ToCacheProto(page);
  Subject subject = {.display_name = on_page.list.display_name,
                     .key = CuratedListName(id),
                     .more_keys = {cache.surrogate_keys().begin(), cache.surrogate_keys().end()},
                     .max_age = std::min(kMaxAnswerAge, absl::Seconds(cache.max_age().seconds()))};
  for (const PlacedArticle& placed : on_page.placed) subject.listed_ids.push_back(placed.article_id);
  return subject;
}

// A merged tag's scope becomes that of the tag in its place.
absl::StatusOr<Subject> FindSubject(db::Transaction& tx, FeedScope& scope) {
  switch (scope.kind) {
    case FeedScope::Kind::kPaper:
      break;
    case FeedScope::Kind::kSection: {
      const std::optional<Section> section = LoadSection(tx, scope.id);
      if (!section.has_value()) return SectionNotFound(SectionName(scope.id));
      return Subject{section->display_name, SectionName(scope.id)};
    }
    case FeedScope::Kind::kTag: {
      std::optional<Tag> tag = LoadTag(tx, scope.id);
      if (tag.has_value() && !tag->merged_into_id.empty()) tag = LoadTag(tx, tag->merged_into_id);
      if (!tag.has_value()) return TagNotFound(TagName(scope.id));
      scope.id = tag->id;
      return Subject{tag->display_name, TagName(tag->id)};
    }
    case FeedScope::Kind::kContributor: {
      const std::optional<Contributor> contributor = LoadContributor(tx, scope.id);
      if (!contributor.has_value()) return ContributorNotFound(ContributorName(scope.id));
      return Subject{contributor->display_name, ContributorName(scope.id)};
    }
    case FeedScope::Kind::kCuratedList:
      return FindList(tx, scope.id);
  }
  return Subject{"", kAllArticles};
}

// Headlines and addresses of what the articles name. A headline is never gated.
HtmlOptions LoadRelatedLinks(db::Transaction& tx, const std::vector<LiveArticle>& articles, const Site& site) {
  std::set<std::string> ids;
  for (const LiveArticle& live : articles) ids.insert(live.related_ids.begin(), live.related_ids.end());
  HtmlOptions options;
  if (ids.empty()) return options;
  for (const LiveArticle& live : LoadLiveArticles(tx, {ids.begin(), ids.end()}, Bodies::kWhereDekIsEmpty)) {
    options.related[live.article.id] = {live.article.content.headline, UrlOf(site, live.article)};
  }
  return options;
}

void AddKeys(const FeedItem& item, std::vector<std::string>& keys) {
  keys.push_back(ArticleName(item.facts().id));
  for (std::string& shown : ShownResources(item.article.open_part())) keys.push_back(std::move(shown));
}

// All items' language, if they have one.
std::string LanguageOf(const Feed& feed) {
  if (feed.items.empty()) return "";
  const std::string& language = feed.items.front().facts().language_code;
  const bool is_common = std::all_of(feed.items.begin(), feed.items.end(),
                                     [&](const FeedItem& item) { return item.facts().language_code == language; });
  return is_common ? language : "";
}

std::vector<LiveArticle> LoadListed(db::Transaction& tx, const std::vector<std::string>& ids,
                                    const std::string& language_code, int limit) {
  std::vector<LiveArticle> listed = LoadLiveArticles(tx, ids, Bodies::kAll);
  std::erase_if(listed, [&](const LiveArticle& live) {
    return !language_code.empty() && live.article.language_code != language_code;
  });
  if (listed.size() > static_cast<size_t>(limit)) listed.resize(limit);
  return listed;
}

Feed LoadFeed(db::Transaction& tx, const FeedScope& scope, const Subject& subject, int limit, const Site& site) {
  Feed feed;
  feed.title = subject.display_name.empty() ? site.name : absl::StrCat(site.name, " – ", subject.display_name);
  feed.description = site.name;
  feed.home_url = absl::StrCat(site.url, "/");
  feed.id = absl::StrCat(feed.home_url, subject.key, scope.language_code.empty() ? "" : "/", scope.language_code);
  std::vector<LiveArticle> articles = scope.kind == FeedScope::Kind::kCuratedList
                                          ? LoadListed(tx, subject.listed_ids, scope.language_code, limit)
                                          : LoadFeedArticles(tx, scope, limit);
  const HtmlOptions options = LoadRelatedLinks(tx, articles, site);
  for (LiveArticle& live : articles) Append(MakeFeedItem(std::move(live), site, options), feed);
  feed.language_code = scope.language_code.empty() ? LanguageOf(feed) : scope.language_code;
  return feed;
}

Rendered XmlOfAllArticles(std::string text) {
  return {.content_type = kXml,
          .text = std::move(text),
          .last_modified = std::nullopt,
          .surrogate_keys = {kAllArticles},
          .max_age = kMaxAnswerAge};
}

}  // namespace

FeedsService::FeedsService(db::Database& database, Site site)
    : database_(database),
      site_(std::move(site)),
      service_(*v1::RenderFeedRequest::descriptor()->file()->FindServiceByName("FeedsService")) {
  service_.Unary("RenderFeed", this, &FeedsService::RenderFeed);
  service_.Unary("RenderSitemap", this, &FeedsService::RenderSitemap);
  service_.Unary("RenderNewsSitemap", this, &FeedsService::RenderNewsSitemap);
  service_.Unary("RenderJsonLd", this, &FeedsService::RenderJsonLd);
}

FeedsService::Answer FeedsService::RenderFeed(const Call& call, const v1::RenderFeedRequest& request) {
  ASSIGN_OR_RETURN(const int limit, paging::PageSize(request.page_size(), kDefaultItems, kMaxItems));
  ASSIGN_OR_RETURN(const FeedScope asked, ParseFeedScope(request));
  RETURN_IF_ERROR(CheckConfigured(site_));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> Answer {
    db::HoldSnapshot(tx);
    FeedScope scope = asked;
    ASSIGN_OR_RETURN(const Subject subject, FindSubject(tx, scope));
    Feed feed = LoadFeed(tx, scope, subject, limit, site_);
    feed.self_url = request.self_url();
    Written written = Write(feed, request.format());
    Rendered rendered = {.content_type = written.content_type,
                         .text = std::move(written.text),
                         .last_modified = std::nullopt,
                         .surrogate_keys = {subject.key},
                         .max_age = subject.max_age};
    rendered.surrogate_keys.insert(rendered.surrogate_keys.end(), subject.more_keys.begin(), subject.more_keys.end());
    if (!feed.items.empty()) rendered.last_modified = feed.update_time;
    for (const FeedItem& item : feed.items) AddKeys(item, rendered.surrogate_keys);
    return ToProto(std::move(rendered), request.if_none_match());
  });
}

FeedsService::Answer FeedsService::RenderSitemap(const Call& call, const v1::RenderSitemapRequest& request) {
  FieldViolations violations;
  CheckIfNoneMatch(request.if_none_match(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckConfigured(site_));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> Answer {
    ASSIGN_OR_RETURN(Rendered rendered, RenderSitemapPage(tx, request.page()));
    return ToProto(std::move(rendered), request.if_none_match());
  });
}

absl::StatusOr<Rendered> FeedsService::RenderSitemapPage(db::Transaction& tx, const std::string& name) const {
  if (name.empty()) {
    const std::vector<PublishedMonth> months = LoadPublishedMonths(tx);
    Rendered index = XmlOfAllArticles(WriteSitemapIndex(months, site_));
    for (const PublishedMonth& month : months) {
      index.last_modified = std::max(index.last_modified.value_or(absl::InfinitePast()), month.last_modified);
    }
    return index;
  }
  const std::optional<SitemapPage> page = ParseSitemapPage(name);
  if (!page.has_value()) return SitemapPageNotFound(name);
  const std::vector<SitemapUrl> urls = LoadSitemapUrls(tx, *page, site_.url);
  if (urls.empty()) return SitemapPageNotFound(name);
  Rendered rendered = XmlOfAllArticles(WriteSitemap(urls, site_));
  for (const SitemapUrl& url : urls) {
    rendered.last_modified = std::max(rendered.last_modified.value_or(absl::InfinitePast()), url.last_modified);
  }
  return rendered;
}

FeedsService::Answer FeedsService::RenderNewsSitemap(const Call& call, const v1::RenderNewsSitemapRequest& request) {
  FieldViolations violations;
  CheckIfNoneMatch(request.if_none_match(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckConfigured(site_));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> Answer {
    const std::vector<NewsUrl> urls = LoadNewsUrls(tx, site_.url);
    Rendered rendered = XmlOfAllArticles(WriteNewsSitemap(urls, site_));
    if (!urls.empty()) rendered.last_modified = urls.front().publish_time;
    return ToProto(std::move(rendered), request.if_none_match());
  });
}

FeedsService::Answer FeedsService::RenderJsonLd(const Call& call, const v1::RenderJsonLdRequest& request) {
  FieldViolations violations;
  const auto article = resource::ParseName(request.name(), "articles/*");
  const auto coverage = resource::ParseName(request.name(), "liveCoverages/*");
  if (!article.has_value() && !coverage.has_value()) {
    violations.Add("name", "is no name articles/{article} or liveCoverages/{live_coverage}");
  }
  CheckIfNoneMatch(request.if_none_match(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckConfigured(site_));
  return database_.Read(call.scope, [&](db::Transaction& tx) -> Answer {
    ASSIGN_OR_RETURN(Rendered rendered,
                     article ? RenderArticle(tx, article->front()) : RenderLiveCoverage(tx, coverage->front()));
    return ToProto(std::move(rendered), request.if_none_match());
  });
}

absl::StatusOr<Rendered> FeedsService::RenderArticle(db::Transaction& tx, const std::string& id) const {
  std::optional<LiveArticle> live = LoadPublicArticle(tx, id);
  if (!live.has_value()) return ArticleNotFound(ArticleName(id));
  const FeedItem item = MakeFeedItem(*std::move(live), site_, {});
  Rendered rendered = {.content_type = kJsonLd,
                       .text = WriteArticleJsonLd(item, site_),
                       .last_modified = item.update_time,
                       .surrogate_keys = {},
                       .max_age = kMaxAnswerAge};
  AddKeys(item, rendered.surrogate_keys);
  return rendered;
}

absl::StatusOr<Rendered> FeedsService::RenderLiveCoverage(db::Transaction& tx, const std::string& id) const {
  const std::optional<LiveCoverage> coverage = LoadLiveCoverage(tx, id);
  if (!coverage.has_value()) return CoverageNotFound(LiveCoverageName(id));
  const std::vector<LiveUpdate> updates = LoadShownUpdates(tx, id, std::nullopt, kMaxLiveUpdates);
  std::set<std::string> authors;
  absl::Time last_modified = coverage->update_time;
  for (const LiveUpdate& update : updates) {
    authors.insert(update.contributor_ids.begin(), update.contributor_ids.end());
    last_modified = std::max(last_modified, update.update_time);
  }
  const std::vector<std::string> ids(authors.begin(), authors.end());
  return Rendered{.content_type = kJsonLd,
                  .text = WriteLiveJsonLd(*coverage, updates, LoadContributors(tx, ids), site_),
                  .last_modified = last_modified,
                  .surrogate_keys = {LiveCoverageName(id)},
                  .max_age = kLiveMaxAge};
}

}  // namespace masthead::articles

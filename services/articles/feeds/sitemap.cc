#include "services/articles/feeds/sitemap.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/articles/feeds/feed.h"
#include "services/articles/feeds/xml.h"

namespace masthead::articles {
namespace {

constexpr char kSitemap[] = "http://www.sitemaps.org/schemas/sitemap/0.9";
constexpr char kNews[] = "http://www.google.com/schemas/sitemap-news/0.9";
constexpr size_t kMonthLength = 7;
constexpr int kLastYear = 2999;

pugi::xml_node AddRoot(pugi::xml_document& document, const char* name) {
  pugi::xml_node root = document.append_child(name);
  SetAttribute(root, "xmlns", kSitemap);
  return root;
}

// Two or three letters (ISO 639); only Chinese keeps its script's region.
std::string NewsLanguage(absl::string_view language_code) {
  if (language_code == "zh-CN") return "zh-cn";
  if (language_code == "zh-TW") return "zh-tw";
  return std::string(language_code.substr(0, language_code.find('-')));
}

bool AreDigits(absl::string_view text) { return text.find_first_not_of("0123456789") == absl::string_view::npos; }

}  // namespace

std::string NameOf(const SitemapPage& page) {
  const std::string month = absl::FormatCivilTime(page.month);
  return page.part == 1 ? month : absl::StrCat(month, "-", page.part);
}

std::optional<SitemapPage> ParseSitemapPage(absl::string_view name) {
  const absl::string_view month = name.substr(0, kMonthLength);
  int year = 0;
  int number = 0;
  SitemapPage page;
  if (month.size() != kMonthLength || month[4] != '-' || !AreDigits(month.substr(0, 4)) ||
      !AreDigits(month.substr(5)) || !absl::SimpleAtoi(month.substr(0, 4), &year) ||
      !absl::SimpleAtoi(month.substr(5), &number) || year > kLastYear || number < 1 || number > 12) {
    return std::nullopt;
  }
  page.month = absl::CivilMonth(year, number);
  if (name.size() > kMonthLength && !absl::SimpleAtoi(name.substr(kMonthLength + 1), &page.part)) return std::nullopt;
  // Each page has one name.
  return NameOf(page) == name && page.part >= 1 ? std::optional(page) : std::nullopt;
}

std::string WriteSitemapIndex(const std::vector<PublishedMonth>& months, const Site& site) {
  pugi::xml_document document;
  pugi::xml_node index = AddRoot(document, "sitemapindex");
  for (const PublishedMonth& month : months) {
    const auto parts = static_cast<int>((month.articles + kSitemapPageSize - 1) / kSitemapPageSize);
    for (int part = 1; part <= parts; ++part) {
      pugi::xml_node node = index.append_child("sitemap");
      AddElement(node, "loc", absl::StrCat(site.url, "/sitemaps/", NameOf({month.month, part}), ".xml"));
      AddElement(node, "lastmod", Rfc3339(month.last_modified));
    }
  }
  return WriteXml(document);
}

std::string WriteSitemap(const std::vector<SitemapUrl>& urls, const Site& site) {
  pugi::xml_document document;
  pugi::xml_node set = AddRoot(document, "urlset");
  for (const SitemapUrl& url : urls) {
    pugi::xml_node node = set.append_child("url");
    AddElement(node, "loc", absl::StrCat(site.url, url.path));
    AddElement(node, "lastmod", Rfc3339(url.last_modified));
  }
  return WriteXml(document);
}

std::string WriteNewsSitemap(const std::vector<NewsUrl>& urls, const Site& site) {
  pugi::xml_document document;
  pugi::xml_node set = AddRoot(document, "urlset");
  SetAttribute(set, "xmlns:news", kNews);
  for (const NewsUrl& url : urls) {
    pugi::xml_node node = set.append_child("url");
    AddElement(node, "loc", absl::StrCat(site.url, url.path));
    pugi::xml_node news = node.append_child("news:news");
    pugi::xml_node publication = news.append_child("news:publication");
    AddElement(publication, "news:name", site.name);
    AddElement(publication, "news:language", NewsLanguage(url.language_code));
    AddElement(news, "news:publication_date", Rfc3339(url.publish_time));
    AddElement(news, "news:title", url.headline);
  }
  return WriteXml(document);
}

}  // namespace masthead::articles

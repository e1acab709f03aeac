#include "nlohmann/json.hpp"
#include "services/articles/feeds/formats.h"
#include "services/articles/feeds/json.h"

namespace masthead::articles {
namespace {

using Json = nlohmann::json;

Json ItemJson(const FeedItem& item) {
  const LiveArticle& live = item.article.open_part();
  Json json = {{"id", live.article.uid},
               {"url", item.url},
               {"title", live.article.content.headline},
               {"date_published", Rfc3339(*live.article.publish_time)},
               {"date_modified", Rfc3339(item.update_time)},
               {"language", live.article.language_code}};
  if (!item.summary.empty()) json["summary"] = item.summary;
  // One of the two is required.
  if (item.html.empty()) {
    json["content_text"] = item.summary;
  } else {
    json["content_html"] = item.html;
  }
  if (item.lead_image.has_value()) json["image"] = item.lead_image->uri;
  for (const Credit& author : AuthorsOf(live)) json["authors"].push_back({{"name", author.name}});
  for (const std::string& category : CategoriesOf(live)) json["tags"].push_back(category);
  return json;
}

}  // namespace

std::string WriteJsonFeed(const Feed& feed) {
  Json json = {{"version", "https://jsonfeed.org/version/1.1"},
               {"title", feed.title},
               {"description", feed.description},
               {"home_page_url", feed.home_url},
               {"items", Json::array()}};
  if (!feed.self_url.empty()) json["feed_url"] = feed.self_url;
  if (!feed.language_code.empty()) json["language"] = feed.language_code;
  for (const FeedItem& item : feed.items) json["items"].push_back(ItemJson(item));
  return WriteJson(json);
}

}  // namespace masthead::articles

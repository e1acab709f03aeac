#include "services/articles/feeds/formats.h"
#include "services/articles/feeds/xml.h"

namespace masthead::articles {
namespace {

std::string Rfc822(absl::Time time) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", time, absl::UTCTimeZone());
}

// The picture's own alternative text: a reader who does not see it has nothing of the headline said twice.
void AddImage(pugi::xml_node parent, const Image& image) {
  pugi::xml_node content = parent.append_child("media:content");
  SetAttribute(content, "url", image.uri);
  SetAttribute(content, "medium", "image");
  if (image.width > 0 && image.height > 0) {
    content.append_attribute("width").set_value(image.width);
    content.append_attribute("height").set_value(image.height);
  }
  if (!image.alt.empty()) SetAttribute(AddElement(content, "media:description", image.alt), "type", "plain");
  if (!image.caption.empty()) SetAttribute(AddElement(content, "media:title", image.caption), "type", "plain");
  if (!image.credit.empty()) AddElement(content, "media:credit", image.credit);
}

void AddItem(pugi::xml_node channel, const FeedItem& item) {
  const LiveArticle& live = item.article.open_part();
  pugi::xml_node node = channel.append_child("item");
  AddElement(node, "title", live.article.content.headline);
  AddElement(node, "link", item.url);
  SetAttribute(AddElement(node, "guid", live.article.uid), "isPermaLink", "false");
  AddElement(node, "pubDate", Rfc822(*live.article.publish_time));
  AddElement(node, "atom:updated", Rfc3339(item.update_time));
  for (const Credit& author : AuthorsOf(live)) AddElement(node, "dc:creator", author.name);
  AddElement(node, "dc:language", live.article.language_code);
  for (const std::string& category : CategoriesOf(live)) AddElement(node, "category", category);
  if (!item.summary.empty()) AddElement(node, "description", item.summary);
  if (!item.html.empty()) AddElement(node, "content:encoded", item.html);
  // After the text: some readers take the first description of anything for the item's.
  if (item.lead_image.has_value()) AddImage(node, *item.lead_image);
}

}  // namespace

std::string WriteRss(const Feed& feed) {
  pugi::xml_document document;
  pugi::xml_node rss = document.append_child("rss");
  SetAttribute(rss, "version", "2.0");
  SetAttribute(rss, "xmlns:atom", "http://www.w3.org/2005/Atom");
  SetAttribute(rss, "xmlns:content", "http://purl.org/rss/1.0/modules/content/");
  SetAttribute(rss, "xmlns:dc", "http://purl.org/dc/elements/1.1/");
  SetAttribute(rss, "xmlns:media", "http://search.yahoo.com/mrss/");
  pugi::xml_node channel = rss.append_child("channel");
  AddElement(channel, "title", feed.title);
  AddElement(channel, "link", feed.home_url);
  AddElement(channel, "description", feed.description);
  if (!feed.language_code.empty()) AddElement(channel, "language", feed.language_code);
  if (!feed.items.empty()) AddElement(channel, "lastBuildDate", Rfc822(feed.update_time));
  if (!feed.self_url.empty()) {
    pugi::xml_node self = channel.append_child("atom:link");
    SetAttribute(self, "rel", "self");
    SetAttribute(self, "type", "application/rss+xml");
    SetAttribute(self, "href", feed.self_url);
  }
  for (const FeedItem& item : feed.items) AddItem(channel, item);
  return WriteXml(document);
}

}  // namespace masthead::articles

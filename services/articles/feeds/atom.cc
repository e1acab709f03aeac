#include "services/articles/feeds/formats.h"
#include "services/articles/feeds/xml.h"

namespace masthead::articles {
namespace {

void AddLink(pugi::xml_node parent, const char* rel, const char* type, absl::string_view href) {
  pugi::xml_node link = parent.append_child("link");
  SetAttribute(link, "rel", rel);
  SetAttribute(link, "type", type);
  SetAttribute(link, "href", href);
}

void AddEntry(pugi::xml_node parent, const FeedItem& item) {
  const LiveArticle& live = item.article.open_part();
  const Content& content = live.article.content;
  pugi::xml_node entry = parent.append_child("entry");
  SetAttribute(entry, "xml:lang", live.article.language_code);
  AddElement(entry, "id", UrnOf(live.article));
  AddElement(entry, "title", content.headline);
  AddLink(entry, "alternate", "text/html", item.url);
  AddElement(entry, "published", Rfc3339(*live.article.publish_time));
  AddElement(entry, "updated", Rfc3339(item.update_time));
  for (const Credit& author : AuthorsOf(live)) AddElement(entry.append_child("author"), "name", author.name);
  for (const std::string& category : CategoriesOf(live)) SetAttribute(entry.append_child("category"), "term", category);
  if (content.rights.has_value() && !content.rights->notice.empty())
    AddElement(entry, "rights", content.rights->notice);
  // An entry has a summary or a content.
  if (!item.summary.empty() || item.html.empty())
    SetAttribute(AddElement(entry, "summary", item.summary), "type", "text");
  if (!item.html.empty()) SetAttribute(AddElement(entry, "content", item.html), "type", "html");
}

}  // namespace

std::string WriteAtom(const Feed& feed) {
  pugi::xml_document document;
  pugi::xml_node node = document.append_child("feed");
  SetAttribute(node, "xmlns", "http://www.w3.org/2005/Atom");
  if (!feed.language_code.empty()) SetAttribute(node, "xml:lang", feed.language_code);
  AddElement(node, "id", feed.id);
  AddElement(node, "title", feed.title);
  AddElement(node, "subtitle", feed.description);
  AddElement(node, "updated", Rfc3339(feed.update_time));
  AddLink(node, "alternate", "text/html", feed.home_url);
  if (!feed.self_url.empty()) AddLink(node, "self", "application/atom+xml", feed.self_url);
  // Of the entries that name nobody.
  AddElement(node.append_child("author"), "name", feed.description);
  for (const FeedItem& item : feed.items) AddEntry(node, item);
  return WriteXml(document);
}

}  // namespace masthead::articles

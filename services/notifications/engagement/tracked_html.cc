#include "services/notifications/engagement/tracked_html.h"

#include <gumbo.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxUrlBytes = 2000;

struct Freed {
  void operator()(GumboOutput* output) const { gumbo_destroy_output(&kGumboDefaultOptions, output); }
};

// A link's target as it stands in the text, quotes and all.
struct Link {
  size_t size = 0;
  std::string url;
};

// By where they stand. The parser may hold a link twice that is written once.
std::map<size_t, Link> LinksOf(absl::string_view html) {
  const std::unique_ptr<GumboOutput, Freed> output(
      gumbo_parse_with_options(&kGumboDefaultOptions, html.data(), html.size()));
  std::map<size_t, Link> links;
  std::vector<const GumboNode*> waiting = {output->root};
  while (!waiting.empty()) {
    const GumboNode& node = *waiting.back();
    waiting.pop_back();
    if (node.type != GUMBO_NODE_ELEMENT && node.type != GUMBO_NODE_TEMPLATE) continue;
    const GumboElement& element = node.v.element;
    for (unsigned int i = 0; i < element.children.length; ++i) {
      waiting.push_back(static_cast<const GumboNode*>(element.children.data[i]));
    }
    const GumboAttribute* const href =
        element.tag == GUMBO_TAG_A ? gumbo_get_attribute(&element.attributes, "href") : nullptr;
    if (href == nullptr || href->original_value.data == nullptr || href->original_value.length == 0) continue;
    links[static_cast<size_t>(href->original_value.data - html.data())] = {.size = href->original_value.length,
                                                                           .url = href->value};
  }
  return links;
}

// A page of the service's own, to unsubscribe or to confirm. The newspaper's site may have the same beginning.
bool IsOurPage(absl::string_view url, absl::string_view public_base_url) {
  if (!absl::ConsumePrefix(&url, public_base_url)) return false;
  for (const absl::string_view path : {absl::string_view("/u/"), absl::string_view("/c/"),
                                       absl::string_view(kClickPath), absl::string_view(kOpenPath)}) {
    if (absl::StartsWith(url, path)) return true;
  }
  return false;
}

// Where it can lead: what a Location header carries as it is.
bool CanBeCounted(absl::string_view url, absl::string_view public_base_url) {
  if (!absl::StartsWithIgnoreCase(url, "https://") && !absl::StartsWithIgnoreCase(url, "http://")) return false;
  return url.size() <= kMaxUrlBytes && !IsOurPage(url, public_base_url) &&
         std::all_of(url.begin(), url.end(), [](unsigned char c) { return absl::ascii_isgraph(c); });
}

std::string PercentEncoded(absl::string_view url) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const unsigned char c : url) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '/' || c == ':') {
      out += static_cast<char>(c);
    } else {
      out += {'%', kHex[c >> 4], kHex[c & 15]};
    }
  }
  return out;
}

// Where the body ends: before its end tag, if it has one.
size_t EndOfBody(absl::string_view html) {
  constexpr absl::string_view kEndTag = "</body";
  for (size_t at = html.rfind('<'); at != absl::string_view::npos && at > 0; at = html.rfind('<', at - 1)) {
    if (absl::StartsWithIgnoreCase(html.substr(at), kEndTag)) return at;
  }
  return html.size();
}

}  // namespace

std::string TrackHtml(absl::string_view html, absl::string_view public_base_url, const EngagementTokens& tokens,
                      const EngagementRef& what) {
  std::string out;
  size_t copied = 0;
  const auto copy_up_to = [&](size_t end) {
    absl::StrAppend(&out, html.substr(copied, end - copied));
    copied = end;
  };
  for (const auto& [at, link] : LinksOf(html)) {
    if (!CanBeCounted(link.url, public_base_url)) continue;
    copy_up_to(at);
    absl::StrAppend(&out, "\"", public_base_url, kClickPath, tokens.IssueLink(what, link.url),
                    "?u=", PercentEncoded(link.url), "\"");
    copied += link.size;
  }
  copy_up_to(std::max(EndOfBody(html), copied));
  absl::StrAppend(&out, "<img src=\"", public_base_url, kOpenPath, tokens.IssuePixel(what),
                  "\" width=\"1\" height=\"1\" alt=\"\">");
  copy_up_to(html.size());
  return out;
}

}  // namespace masthead::notifications

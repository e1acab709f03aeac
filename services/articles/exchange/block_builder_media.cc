// The parts of BlockBuilder that make pictures, players, program text, and what Ghost calls cards.
#include <algorithm>
#include <functional>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/text/characters.h"
#include "common/text/text.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/exchange/block_builder.h"
#include "services/articles/exchange/web_address.h"

namespace masthead::articles {
namespace {

constexpr size_t kMostImages = 50;
constexpr size_t kMaxCodeLanguageBytes = 40;
constexpr int64_t kMaxButtonCodePoints = 120;

void FindAll(const HtmlNode& node, const std::function<bool(const HtmlNode&)>& wanted,
             std::vector<const HtmlNode*>& found) {
  for (const HtmlNode& child : node.children) {
    if (wanted(child)) {
      found.push_back(&child);
    } else {
      FindAll(child, wanted, found);
    }
  }
}

std::vector<const HtmlNode*> All(const HtmlNode& node, absl::string_view name) {
  std::vector<const HtmlNode*> found;
  FindAll(
      node, [&](const HtmlNode& child) { return child.Is(name); }, found);
  return found;
}

const HtmlNode* First(const HtmlNode& node, absl::string_view name) {
  const std::vector<const HtmlNode*> found = All(node, name);
  return found.empty() ? nullptr : found.front();
}

const HtmlNode* FirstOfClass(const HtmlNode& node, absl::string_view name) {
  std::vector<const HtmlNode*> found;
  FindAll(
      node, [&](const HtmlNode& child) { return child.HasClass(name); }, found);
  return found.empty() ? nullptr : found.front();
}

void AppendText(const HtmlNode& node, std::string& text) {
  if (node.kind == HtmlNode::Kind::kText) text += node.text;
  if (node.Is("br")) text += '\n';
  for (const HtmlNode& child : node.children) AppendText(child, text);
}

std::string TextContent(const HtmlNode& node) {
  std::string text;
  AppendText(node, text);
  return text;
}

// What a line of an article may hold, without control characters; cut to `most`.
std::string Line(absl::string_view text, int64_t most) {
  std::string line;
  std::string clean = text::Normalize(text);
  absl::string_view rest = absl::StripAsciiWhitespace(clean);
  while (!rest.empty()) {
    const char32_t c = text::TakeCodePoint(rest);
    if (text::IsWhiteSpace(c) && c != 0xA0) {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else if (!(c < 0x20 || (c >= 0x7F && c <= 0x9F))) {
      text::AppendCodePoint(c, line);
    }
  }
  return std::string(text::FirstCodePoints(line, most));
}

int32_t Pixels(absl::string_view number) {
  int32_t pixels = 0;
  return absl::SimpleAtoi(number, &pixels) && pixels >= 0 && pixels <= kMaxPixels ? pixels : 0;
}

}  // namespace

bool BlockBuilder::VisitMedia(const HtmlNode& node) {
  const std::string& name = node.name;
  if (name == "img") {
    AddImages({&node}, "", /*gallery=*/false);
  } else if (name == "picture") {
    AddImages(All(node, "img"), "", /*gallery=*/false);
  } else if (name == "figure") {
    AddFigure(node);
  } else if (name == "iframe") {
    Flush();
    AddEmbed(node.Attribute("src"), Line(node.Attribute("title"), kMaxAsideCodePoints));
  } else if (name == "video") {
    AddVideo(node);
  } else if (name == "audio") {
    AddAudio(node);
  } else if (name == "pre" || name == "listing") {
    AddCode(node);
  } else if (name == "hr") {
    Flush();
    Add(Divider{});
  } else if (name == "blockquote" || name == "q") {
    if (name == "q") return false;
    AddQuote(node);
  } else if (name == "ul" || name == "ol" || name == "menu") {
    AddList(node);
  } else if (name == "table") {
    AddTable(node);
  } else if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
    AddHeading(node);
  } else {
    return false;
  }
  return true;
}

bool BlockBuilder::VisitCard(const HtmlNode& node) {
  const bool is_embed = node.Is("blockquote") && (node.HasClass("twitter-tweet") || node.HasClass("instagram-media") ||
                                                  node.HasClass("tiktok-embed") || node.HasClass("bluesky-embed"));
  if (is_embed) {
    Flush();
    std::string uri(node.Attribute("data-instgrm-permalink"));
    if (uri.empty()) uri = std::string(node.Attribute("cite"));
    const std::vector<const HtmlNode*> links = All(node, "a");
    if (uri.empty() && !links.empty()) uri = std::string(links.back()->Attribute("href"));
    AddEmbed(uri, Line(TextContent(node), kMaxAsideCodePoints));
    return true;
  }
  if (node.Is("a") && (node.HasClass("kg-btn") || node.HasClass("wp-block-button__link"))) {
    Flush();
    Button button = {.text = Line(TextContent(node), kMaxButtonCodePoints), .href = ""};
    const std::optional<std::string> href = ResolveLink(node.Attribute("href"), source_.base_uri);
    if (!href.has_value() || button.text.empty()) {
      losses_.Add("button", node.Attribute("href"));
    } else {
      button.href = *href;
      Add(std::move(button));
    }
    return true;
  }
  if (node.HasClass("kg-callout-card")) {
    Flush();
    const HtmlNode* words = FirstOfClass(node, "kg-callout-text");
    std::vector<Block> others;
    Callout callout;
    callout.text = TextBelow(words != nullptr ? *words : node, others);
    if (!callout.text.text.empty()) Add(std::move(callout));
    AddAll(std::move(others));
    return true;
  }
  if (node.HasClass("kg-bookmark-card")) {
    const HtmlNode* link = First(node, "a");
    const HtmlNode* title = FirstOfClass(node, "kg-bookmark-title");
    const auto href = link != nullptr ? ResolveLink(link->Attribute("href"), source_.base_uri) : std::nullopt;
    if (!href.has_value()) return false;
    Flush();
    run_.Open(Mark::Kind::kLink, *href);
    run_.Append(title != nullptr ? TextContent(*title) : *href, InlineText::Lines::kCollapsed);
    run_.Close();
    Flush();
    return true;
  }
  return false;
}

void BlockBuilder::AddFigure(const HtmlNode& node) {
  Flush();
  std::vector<Block> others;
  std::string caption;
  if (const HtmlNode* words = First(node, "figcaption")) {
    caption = std::string(text::FirstCodePoints(TextBelow(*words, others).text, kMaxAsideCodePoints));
  }
  if (const HtmlNode* frame = First(node, "iframe")) {
    AddEmbed(frame->Attribute("src"), caption);
  } else if (const HtmlNode* wrapper = FirstOfClass(node, "wp-block-embed__wrapper")) {
    AddEmbed(absl::StripAsciiWhitespace(TextContent(*wrapper)), caption);
  } else {
    const std::vector<const HtmlNode*> images = All(node, "img");
    if (!images.empty() && First(node, "table") == nullptr) {
      AddImages(images, caption, images.size() > 1 || node.HasClass("kg-gallery-card"));
    } else {
      const size_t before = blocks_.size();
      for (const HtmlNode& child : node.children) {
        if (!child.Is("figcaption")) Visit(child);
      }
      Flush();
      Block* last = blocks_.size() > before ? &blocks_.back() : nullptr;
      if (auto* table = last != nullptr ? std::get_if<Table>(&last->kind) : nullptr) {
        table->caption = caption;
      } else if (auto* video = last != nullptr ? std::get_if<Video>(&last->kind) : nullptr) {
        video->caption = caption;
      } else if (!caption.empty()) {
        Add(Paragraph{.text = {.text = caption, .marks = {}}});
      }
    }
  }
  AddAll(std::move(others));
}

void BlockBuilder::AddImages(const std::vector<const HtmlNode*>& nodes, const std::string& caption, bool gallery) {
  Flush();
  std::vector<Image> images;
  for (const HtmlNode* node : nodes) {
    std::optional<Image> image = MakeImage(*node);
    if (image.has_value()) images.push_back(*std::move(image));
  }
  if (images.empty()) return;
  if (!gallery || images.size() == 1) {
    for (Image& image : images) {
      if (!caption.empty()) image.caption = caption;
      Add(std::move(image));
    }
    return;
  }
  for (size_t start = 0; start < images.size(); start += kMostImages) {
    const auto first = images.begin() + static_cast<std::ptrdiff_t>(start);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(kMostImages, images.size() - start));
    Add(Gallery{.images = {first, last}, .caption = caption});
  }
}

std::optional<Image> BlockBuilder::MakeImage(const HtmlNode& node) {
  absl::string_view src = node.Attribute("src");
  // Where a script would have put it later.
  if (absl::StartsWith(src, "data:") && !node.Attribute("data-src").empty()) src = node.Attribute("data-src");
  const std::optional<std::string> uri = ResolveWebUri(src, source_.base_uri);
  if (!uri.has_value()) {
    losses_.Add("image", src);
    return std::nullopt;
  }
  Image image;
  image.uri = *uri;
  image.alt = Line(node.Attribute("alt"), kMaxAsideCodePoints);
  image.width = Pixels(node.Attribute("width"));
  image.height = Pixels(node.Attribute("height"));
  if (image.alt.empty()) losses_.Add("no alternative text", *uri);
  return image;
}

void BlockBuilder::AddEmbed(absl::string_view src, const std::string& caption) {
  std::optional<std::string> uri = ResolveWebUri(src, source_.base_uri);
  if (uri.has_value() && absl::StartsWithIgnoreCase(*uri, "http:")) uri = "https:" + uri->substr(5);
  const std::optional<std::string> provider = uri.has_value() ? EmbedProvider(*uri) : std::nullopt;
  if (!provider.has_value()) return losses_.Add("embed", src);
  Add(Embed{.uri = *uri, .provider = *provider, .fallback_text = caption});
}

void BlockBuilder::AddVideo(const HtmlNode& node) {
  Flush();
  absl::string_view src = node.Attribute("src");
  const HtmlNode* source = First(node, "source");
  if (src.empty() && source != nullptr) src = source->Attribute("src");
  const std::optional<std::string> uri = ResolveWebUri(src, source_.base_uri);
  if (!uri.has_value()) return losses_.Add("video", src);
  Video video;
  video.uri = *uri;
  video.poster_uri = ResolveWebUri(node.Attribute("poster"), source_.base_uri).value_or("");
  Add(std::move(video));
}

void BlockBuilder::AddAudio(const HtmlNode& node) {
  Flush();
  absl::string_view src = node.Attribute("src");
  const HtmlNode* source = First(node, "source");
  if (src.empty() && source != nullptr) src = source->Attribute("src");
  const std::optional<std::string> uri = ResolveWebUri(src, source_.base_uri);
  if (!uri.has_value()) return losses_.Add("audio", src);
  Audio audio;
  audio.uri = *uri;
  Add(std::move(audio));
}

void BlockBuilder::AddCode(const HtmlNode& node) {
  Flush();
  Code code;
  std::string text = text::Normalize(TextContent(node));
  for (absl::string_view rest = text; !rest.empty();) {
    const char32_t c = text::TakeCodePoint(rest);
    if (c == '\n' || c == '\t' || !(c < 0x20 || (c >= 0x7F && c <= 0x9F))) text::AppendCodePoint(c, code.text);
  }
  while (absl::EndsWith(code.text, "\n")) code.text.pop_back();
  const HtmlNode* inner = First(node, "code");
  for (const HtmlNode* one : {&node, inner}) {
    if (one == nullptr) continue;
    for (absl::string_view name : absl::StrSplit(one->Attribute("class"), ' ')) {
      const bool fits = name.size() <= kMaxCodeLanguageBytes && absl::ConsumePrefix(&name, "language-");
      if (fits && absl::c_all_of(name, [](char c) { return absl::ascii_isalnum(c) || c == '+' || c == '#'; })) {
        code.language = std::string(name);
      }
    }
  }
  if (absl::StripAsciiWhitespace(code.text).empty()) return;
  while (text::CodePoints(code.text) > kMaxTextCodePoints) {
    const absl::string_view piece = text::FirstCodePoints(code.text, kMaxTextCodePoints);
    Add(Code{.text = std::string(piece), .language = code.language});
    code.text.erase(0, piece.size());
  }
  Add(std::move(code));
}

}  // namespace masthead::articles

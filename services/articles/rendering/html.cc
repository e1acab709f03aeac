#include "services/articles/rendering/html.h"

#include <algorithm>
#include <iterator>
#include <variant>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/text/characters.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/rendering/embed_hosts.h"

namespace masthead::articles {
namespace {

// A mark by its place in the text's bytes.
struct MarkedBytes {
  size_t begin = 0;
  size_t end = 0;
  const Mark* mark = nullptr;
};

bool IsLink(const Mark& mark) { return mark.kind == Mark::Kind::kLink; }

std::string OpeningTag(const Mark& mark) {
  switch (mark.kind) {
    case Mark::Kind::kBold:
      return "<strong>";
    case Mark::Kind::kItalic:
      return "<em>";
    case Mark::Kind::kLink:
      return absl::StrCat("<a href=\"", EscapeHtml(mark.href), "\">");
    case Mark::Kind::kStrikethrough:
      return "<s>";
    case Mark::Kind::kUnderline:
      return "<u>";
    case Mark::Kind::kCode:
      return "<code>";
  }
  return "";
}

absl::string_view ClosingTag(const Mark& mark) {
  switch (mark.kind) {
    case Mark::Kind::kBold:
      return "</strong>";
    case Mark::Kind::kItalic:
      return "</em>";
    case Mark::Kind::kLink:
      return "</a>";
    case Mark::Kind::kStrikethrough:
      return "</s>";
    case Mark::Kind::kUnderline:
      return "</u>";
    case Mark::Kind::kCode:
      return "</code>";
  }
  return "";
}

// Where each code point of `text` begins, and where the last one ends.
std::vector<size_t> CodePointBytes(absl::string_view text) {
  std::vector<size_t> begins;
  for (absl::string_view rest = text; !rest.empty(); text::TakeCodePoint(rest)) {
    begins.push_back(text.size() - rest.size());
  }
  begins.push_back(text.size());
  return begins;
}

// The marks that show, the outer before the inner. A link within a link is none: it begins where the other one ends.
std::vector<MarkedBytes> PlaceMarks(const RichText& rich) {
  std::vector<MarkedBytes> placed;
  const std::vector<size_t> bytes = CodePointBytes(rich.text);
  const auto last = static_cast<int32_t>(bytes.size()) - 1;
  for (const Mark& mark : rich.marks) {
    if (IsLink(mark) && !IsLinkTarget(mark.href)) continue;
    placed.push_back({bytes[std::clamp(mark.start, 0, last)], bytes[std::clamp(mark.end, 0, last)], &mark});
  }
  const auto outer_first = [](const MarkedBytes& a, const MarkedBytes& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  };
  absl::c_stable_sort(placed, outer_first);
  size_t linked = 0;
  for (MarkedBytes& marked : placed) {
    if (!IsLink(*marked.mark)) continue;
    marked.begin = std::max(marked.begin, linked);
    linked = std::max(linked, marked.end);
  }
  std::erase_if(placed, [](const MarkedBytes& marked) { return marked.begin >= marked.end; });
  absl::c_stable_sort(placed, outer_first);
  return placed;
}

std::string EscapeLines(absl::string_view text) { return absl::StrReplaceAll(EscapeHtml(text), {{"\n", "<br>"}}); }

// Marks may overlap, tags may not: at each edge what ends is closed, and what was within it and goes on is opened anew.
class MarkedText {
 public:
  explicit MarkedText(const RichText& rich) : text_(rich.text), marks_(PlaceMarks(rich)) {}

  std::string Render() {
    std::vector<size_t> edges = {text_.size()};
    for (const MarkedBytes& marked : marks_) edges.insert(edges.end(), {marked.begin, marked.end});
    absl::c_sort(edges);
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    size_t from = 0;
    for (const size_t edge : edges) {
      html_ += EscapeLines(text_.substr(from, edge - from));
      from = edge;
      Close(edge);
      Open(edge);
    }
    return std::move(html_);
  }

 private:
  void Close(size_t edge) {
    const auto ended = absl::c_find_if(open_, [&](const MarkedBytes* marked) { return marked->end <= edge; });
    const std::vector<const MarkedBytes*> closed(ended, open_.end());
    for (auto marked = closed.rbegin(); marked != closed.rend(); ++marked)
      absl::StrAppend(&html_, ClosingTag(*(*marked)->mark));
    open_.erase(ended, open_.end());
    for (const MarkedBytes* marked : closed) {
      if (marked->end > edge) Open(*marked);
    }
  }
  void Open(size_t edge) {
    for (; next_ < marks_.size() && marks_[next_].begin == edge; ++next_) Open(marks_[next_]);
  }
  void Open(const MarkedBytes& marked) {
    html_ += OpeningTag(*marked.mark);
    open_.push_back(&marked);
  }

  const absl::string_view text_;
  const std::vector<MarkedBytes> marks_;
  size_t next_ = 0;
  std::vector<const MarkedBytes*> open_;  // The outer before the inner.
  std::string html_;
};

std::string Element(absl::string_view tag, absl::string_view content) {
  return content.empty() ? "" : absl::StrCat("<", tag, ">", content, "</", tag, ">");
}

std::string Attribute(absl::string_view name, absl::string_view value) {
  return absl::StrCat(" ", name, "=\"", EscapeHtml(value), "\"");
}

std::string Link(absl::string_view href, absl::string_view text) {
  if (!IsLinkTarget(href)) return EscapeLines(text);
  return absl::StrCat("<a", Attribute("href", href), ">", EscapeLines(text), "</a>");
}

std::string Captioned(absl::string_view shown, absl::string_view caption, absl::string_view credit) {
  const absl::string_view space = caption.empty() || credit.empty() ? "" : " ";
  const std::string said = absl::StrCat(EscapeLines(caption), space, Element("small", EscapeLines(credit)));
  return absl::StrCat("<figure>", shown, Element("figcaption", said), "</figure>");
}

std::string Quoted(absl::string_view quote, absl::string_view attribution) {
  return absl::StrCat("<figure>", quote, Element("figcaption", EscapeLines(attribution)), "</figure>");
}

std::string Transcript(absl::string_view text) {
  return text.empty() ? "" : absl::StrCat("<details><p>", EscapeLines(text), "</p></details>");
}

class BlockHtml {
 public:
  explicit BlockHtml(const HtmlOptions& options) : options_(options) {}

  std::string operator()(const Paragraph& block) const { return Element("p", RenderHtml(block.text)); }
  std::string operator()(const Heading& block) const {
    return Element(absl::StrCat("h", std::clamp(block.level, 2, 4)), RenderHtml(block.text));
  }
  std::string operator()(const Image& block) const { return RenderHtml(block); }
  std::string operator()(const Quote& block) const {
    return Quoted(Element("blockquote", Element("p", RenderHtml(block.text))), block.attribution);
  }
  std::string operator()(const List& block) const {
    std::string items;
    for (const RichText& item : block.items) absl::StrAppend(&items, "<li>", RenderHtml(item), "</li>");
    return Element(block.ordered ? "ol" : "ul", items);
  }
  std::string operator()(const Divider&) const { return "<hr>"; }
  std::string operator()(const Embed& block) const {
    const std::string& text = block.fallback_text;
    if (!IsKnownEmbedHost(block.uri)) return Element("p", EscapeLines(text));
    return Element("p", Link(block.uri, text.empty() ? block.uri : text));
  }
  std::string operator()(const PaywallMarker&) const { return ""; }
  std::string operator()(const Gallery& block) const {
    std::string images;
    for (const Image& image : block.images) images += RenderHtml(image);
    return images.empty() ? "" : Captioned(images, block.caption, "");
  }
  std::string operator()(const Video& block) const {
    std::string video;
    if (IsWebUri(block.uri)) {
      const std::string poster = IsWebUri(block.poster_uri) ? Attribute("poster", block.poster_uri) : "";
      video = absl::StrCat("<video", Attribute("src", block.uri), poster, " controls preload=\"none\"></video>");
    }
    return Captioned(video, block.caption, block.credit) + Transcript(block.transcript);
  }
  std::string operator()(const Audio& block) const {
    std::string audio;
    if (IsWebUri(block.uri)) {
      audio = absl::StrCat("<audio", Attribute("src", block.uri), " controls preload=\"none\"></audio>");
    }
    return Captioned(audio, block.title, block.credit) + Transcript(block.transcript);
  }
  std::string operator()(const PullQuote& block) const {
    return Element("aside", Quoted(Element("p", RenderHtml(block.text)), block.attribution));
  }
  std::string operator()(const Table& block) const {
    std::string head;
    std::string body;
    for (const std::vector<RichText>& row : block.rows) {
      const bool is_header = block.has_header && &row == &block.rows.front();
      const absl::string_view tag = is_header ? "th" : "td";
      std::string cells;
      for (const RichText& cell : row) absl::StrAppend(&cells, "<", tag, ">", RenderHtml(cell), "</", tag, ">");
      (is_header ? head : body) += Element("tr", cells);
    }
    return Element("table", absl::StrCat(Element("caption", EscapeLines(block.caption)), Element("thead", head),
                                         Element("tbody", body)));
  }
  std::string operator()(const Code& block) const {
    return absl::StrCat("<pre><code>", EscapeHtml(block.text), "</code></pre>");
  }
  std::string operator()(const Button& block) const { return Element("p", Link(block.href, block.text)); }
  std::string operator()(const Callout& block) const {
    const std::string title = Element("p", Element("strong", EscapeLines(block.title)));
    return Element("aside", absl::StrCat(title, Element("p", RenderHtml(block.text))));
  }
  std::string operator()(const RawHtml&) const { return ""; }
  std::string operator()(const Related& block) const {
    std::string items;
    for (const std::string& id : block.article_ids) {
      const auto found = options_.related.find(id);
      if (found == options_.related.end()) continue;
      absl::StrAppend(&items, "<li>", Link(found->second.url, found->second.headline), "</li>");
    }
    return Element("ul", items);
  }
  std::string operator()(const GatedBlocks&) const { return ""; }
  std::string operator()(const LiveCoverageBlock&) const { return ""; }

 private:
  const HtmlOptions& options_;
};

}  // namespace

std::string RenderHtml(absl::Span<const Block> blocks, const HtmlOptions& options) {
  std::string html;
  for (const Block& block : blocks) {
    const std::string rendered = std::visit(BlockHtml(options), block.kind);
    if (!rendered.empty()) absl::StrAppend(&html, rendered, "\n");
  }
  return html;
}

std::string RenderHtml(const Image& image) {
  if (!IsWebUri(image.uri)) return "";
  std::string tag = absl::StrCat("<img", Attribute("src", image.uri), Attribute("alt", image.alt));
  if (image.width > 0 && image.height > 0) {
    absl::StrAppend(&tag, " width=\"", image.width, "\" height=\"", image.height, "\"");
  }
  return Captioned(tag + ">", image.caption, image.credit);
}

std::string RenderHtml(const RichText& rich) {
  return rich.marks.empty() ? EscapeLines(rich.text) : MarkedText(rich).Render();
}

std::string EscapeHtml(absl::string_view text) {
  const std::string allowed = AllowedInMarkup(text);
  std::string escaped;
  escaped.reserve(allowed.size() + allowed.size() / 8);
  for (const char c : allowed) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string AllowedInMarkup(absl::string_view text) {
  constexpr char kFirstOfNoncharacters = '\xEF';
  constexpr absl::string_view kNoncharacters[] = {"\xEF\xBF\xBE", "\xEF\xBF\xBF"};
  std::string allowed;
  allowed.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == kFirstOfNoncharacters && absl::c_linear_search(kNoncharacters, text.substr(i, 3))) {
      i += 2;
    } else if (!absl::ascii_iscntrl(text[i]) || text[i] == '\n' || text[i] == '\t') {
      allowed += text[i];
    }
  }
  return allowed;
}

}  // namespace masthead::articles

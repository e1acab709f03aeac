#include "services/articles/rendering/letter.h"

#include <algorithm>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/text/characters.h"
#include "services/articles/article/text_rules.h"

namespace masthead::articles {
namespace {

constexpr char kSmall[] = "margin:.25em 0 1em;font-size:.85em;color:#555";
constexpr char kSetApart[] = "margin:1em 0;padding:.25em 1em;border-left:3px solid #999";
constexpr char kBox[] = "margin:1em 0;padding:.5em 1em;background:#f3f3f3";
constexpr char kCell[] = "padding:.25em .5em;border:1px solid #999;text-align:left;vertical-align:top";

// One block in both forms.
struct Shown {
  std::string html;
  std::string text;
};

std::string Lines(absl::string_view text) { return absl::StrReplaceAll(EscapeHtml(text), {{"\n", "<br>"}}); }

std::string Styled(absl::string_view tag, absl::string_view style, absl::string_view content) {
  if (content.empty()) return "";
  return absl::StrCat("<", tag, " style=\"", style, "\">", content, "</", tag, ">");
}

std::string Paragraphs(absl::string_view content) { return Styled("p", "margin:0 0 1em", content); }

std::string Joined(absl::string_view first, absl::string_view between, absl::string_view second) {
  return absl::StrCat(first, first.empty() || second.empty() ? "" : between, second);
}

Shown Link(absl::string_view href, absl::string_view words) {
  if (!IsLinkTarget(href)) return {Lines(words), std::string(words)};
  const absl::string_view shown = words.empty() ? href : words;
  return {absl::StrCat("<a href=\"", EscapeHtml(href), "\">", Lines(shown), "</a>"),
          words.empty() ? std::string(href) : absl::StrCat(words, ": ", href)};
}

// What is said below a picture, a film, a table.
Shown Credits(absl::string_view caption, absl::string_view credit) {
  return {Styled("p", kSmall, Lines(Joined(caption, " ", credit))), Joined(caption, " ", credit)};
}

std::string ImageTag(absl::string_view uri, absl::string_view alt, int32_t width) {
  const std::string sized = width > 0 ? absl::StrCat(" width=\"", std::min(width, 576), "\"") : "";
  return absl::StrCat("<img src=\"", EscapeHtml(uri), "\" alt=\"", EscapeHtml(alt), "\"", sized,
                      " style=\"display:block;max-width:100%;height:auto;border:0\">");
}

// A letter plays nothing: what is to be watched or heard becomes a link.
Shown Played(const Shown& link, const Shown& credits, absl::string_view transcript) {
  return {absl::StrCat(Paragraphs(link.html), credits.html, Styled("p", kSmall, Lines(transcript))),
          absl::StrJoin({link.text, credits.text, std::string(transcript)}, "\n")};
}

class LetterBlock {
 public:
  explicit LetterBlock(const HtmlOptions& options) : options_(options) {}

  Shown operator()(const Paragraph& block) const {
    return {Paragraphs(RenderHtml(block.text)), RenderText(block.text)};
  }
  Shown operator()(const Heading& block) const {
    const std::string tag = absl::StrCat("h", std::clamp(block.level, 2, 4));
    return {Styled(tag, "margin:1.25em 0 .5em;line-height:1.25", RenderHtml(block.text)), RenderText(block.text)};
  }
  Shown operator()(const Image& block) const {
    const Shown credits = Credits(block.caption, block.credit);
    if (!IsWebUri(block.uri)) return {};
    const std::string said = Joined(block.alt, ". ", credits.text);
    return {absl::StrCat(ImageTag(block.uri, block.alt, block.width), credits.html),
            said.empty() ? "" : absl::StrCat("[", said, "]")};
  }
  Shown operator()(const Quote& block) const { return Quoted(block.text, block.attribution); }
  Shown operator()(const PullQuote& block) const { return Quoted(block.text, block.attribution); }
  Shown operator()(const List& block) const {
    Shown shown;
    int number = 0;
    for (const RichText& item : block.items) {
      absl::StrAppend(&shown.html, "<li>", RenderHtml(item), "</li>");
      absl::StrAppend(&shown.text, number == 0 ? "" : "\n",
                      block.ordered ? absl::StrCat(number + 1, ". ") : std::string("- "), RenderText(item));
      ++number;
    }
    shown.html = Styled(block.ordered ? "ol" : "ul", "margin:0 0 1em;padding-left:1.5em", shown.html);
    return shown;
  }
  Shown operator()(const Divider&) const { return {"<hr>", "* * *"}; }
  Shown operator()(const Embed& block) const {
    const Shown link = Link(block.uri, block.fallback_text);
    return {Paragraphs(link.html), link.text};
  }
  Shown operator()(const PaywallMarker&) const { return {}; }
  Shown operator()(const Gallery& block) const {
    Shown shown;
    for (const Image& image : block.images) {
      const Shown one = (*this)(image);
      shown.html += one.html;
      shown.text = Joined(shown.text, "\n", one.text);
    }
    const Shown credits = Credits(block.caption, "");
    return {shown.html + credits.html, Joined(shown.text, "\n", credits.text)};
  }
  Shown operator()(const Video& block) const {
    Shown link = Link(block.uri, block.caption);
    if (IsWebUri(block.poster_uri) && IsWebUri(block.uri)) {
      link.html = absl::StrCat("<a href=\"", EscapeHtml(block.uri), "\">",
                               ImageTag(block.poster_uri, block.caption.empty() ? block.uri : block.caption, 0), "</a>",
                               link.html);
    }
    return Played(link, Credits("", block.credit), block.transcript);
  }
  Shown operator()(const Audio& block) const {
    return Played(Link(block.uri, block.title), Credits("", block.credit), block.transcript);
  }
  Shown operator()(const Table& block) const {
    Shown shown;
    for (const std::vector<RichText>& row : block.rows) {
      const absl::string_view tag = block.has_header && &row == &block.rows.front() ? "th" : "td";
      std::string cells;
      std::vector<std::string> texts;
      for (const RichText& cell : row) {
        absl::StrAppend(&cells, "<", tag, " style=\"", kCell, "\">", RenderHtml(cell), "</", tag, ">");
        texts.push_back(absl::StrReplaceAll(RenderText(cell), {{"\n", " "}}));
      }
      absl::StrAppend(&shown.html, "<tr>", cells, "</tr>");
      shown.text = Joined(shown.text, "\n", absl::StrJoin(texts, " | "));
    }
    const Shown credits = Credits(block.caption, "");
    return {absl::StrCat(Styled("table", "border-collapse:collapse;margin:0 0 .5em", shown.html), credits.html),
            Joined(shown.text, "\n", credits.text)};
  }
  Shown operator()(const Code& block) const {
    return {Styled("pre", "margin:0 0 1em;white-space:pre-wrap;font-family:monospace", EscapeHtml(block.text)),
            block.text};
  }
  Shown operator()(const Button& block) const {
    const Shown link = Link(block.href, block.text);
    return {Styled("p", "margin:1em 0;font-weight:bold", link.html), link.text};
  }
  Shown operator()(const Callout& block) const {
    const std::string title = Styled("p", "margin:.5em 0;font-weight:bold", Lines(block.title));
    return {Styled("div", kBox, title + Styled("p", "margin:.5em 0", RenderHtml(block.text))),
            Joined(block.title, "\n", RenderText(block.text))};
  }
  Shown operator()(const RawHtml&) const { return {}; }
  Shown operator()(const Related& block) const {
    Shown shown;
    for (const std::string& id : block.article_ids) {
      const auto found = options_.related.find(id);
      if (found == options_.related.end()) continue;
      const ArticleLink& article = found->second;
      absl::StrAppend(&shown.html, "<li><a href=\"", EscapeHtml(article.url), "\">", Lines(article.headline),
                      "</a></li>");
      shown.text = Joined(shown.text, "\n", absl::StrCat("- ", article.headline, ": ", article.url));
    }
    shown.html = Styled("ul", "margin:0 0 1em;padding-left:1.5em", shown.html);
    return shown;
  }
  // Rendered apart, under its audience.
  Shown operator()(const GatedBlocks&) const { return {}; }
  // It goes on after the letter was sent: it is read on the page.
  Shown operator()(const LiveCoverageBlock&) const { return {}; }

 private:
  static Shown Quoted(const RichText& words, absl::string_view attribution) {
    const std::string by = attribution.empty() ? "" : absl::StrCat("— ", attribution);
    const std::string html = Paragraphs(RenderHtml(words)) + Styled("p", kSmall, Lines(by));
    const std::string text = absl::StrCat("> ", absl::StrReplaceAll(RenderText(words), {{"\n", "\n> "}}));
    return {Styled("blockquote", kSetApart, html), Joined(text, "\n", by)};
  }

  const HtmlOptions& options_;
};

void Append(const Block& block, const HtmlOptions& options, LetterSection& section) {
  const Shown shown = std::visit(LetterBlock(options), block.kind);
  if (!shown.html.empty()) absl::StrAppend(&section.html, shown.html, "\n");
  if (!shown.text.empty()) absl::StrAppend(&section.text, AllowedInMarkup(shown.text), "\n\n");
}

}  // namespace

std::vector<LetterSection> RenderLetter(absl::Span<const Block> blocks, const HtmlOptions& options) {
  std::vector<LetterSection> sections;
  for (const Block& block : blocks) {
    const auto* gated = std::get_if<GatedBlocks>(&block.kind);
    if (gated != nullptr) {
      LetterSection& section = sections.emplace_back();
      section.gate = gated;
      for (const Block& inner : gated->blocks) Append(inner, options, section);
    } else {
      if (sections.empty() || sections.back().gate != nullptr) sections.emplace_back();
      Append(block, options, sections.back());
    }
  }
  return sections;
}

std::string RenderText(const RichText& rich) {
  std::vector<Mark> links;
  absl::c_copy_if(rich.marks, std::back_inserter(links),
                  [](const Mark& mark) { return mark.kind == Mark::Kind::kLink && IsLinkTarget(mark.href); });
  absl::c_stable_sort(links, [](const Mark& a, const Mark& b) { return a.end < b.end; });
  std::string text;
  size_t from = 0;
  for (const Mark& link : links) {
    const size_t end = text::FirstCodePoints(rich.text, link.end).size();
    absl::StrAppend(&text, absl::string_view(rich.text).substr(from, end - from), " (", link.href, ")");
    from = end;
  }
  absl::StrAppend(&text, absl::string_view(rich.text).substr(from));
  return text;
}

}  // namespace masthead::articles

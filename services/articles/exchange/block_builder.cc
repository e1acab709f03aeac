#include "services/articles/exchange/block_builder.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "services/articles/article/text_rules.h"
#include "services/articles/exchange/web_address.h"

namespace masthead::articles {
namespace {

// Left out with all that is in them.
bool IsDropped(const std::string& name) {
  static const auto* const kNames = new std::set<std::string>{
      "applet",   "area",   "base",     "button",   "canvas", "datalist",  "dialog",   "embed",  "form",    "frame",
      "frameset", "head",   "input",    "link",     "map",    "math",      "meta",     "meter",  "noembed", "noframes",
      "noscript", "object", "optgroup", "option",   "param",  "plaintext", "progress", "script", "select",  "slot",
      "style",    "svg",    "template", "textarea", "title",  "track",     "xmp"};
  return kNames->count(name) > 0;
}

// Begin on a line of their own, and have no kind of block that they are.
bool PartsParagraphs(const std::string& name) {
  static const auto* const kNames = new std::set<std::string>{
      "address", "article", "aside",  "body",  "center", "dd",    "details", "div",   "dl",  "dt", "fieldset",
      "footer",  "header",  "hgroup", "html",  "legend", "li",    "main",    "menu",  "nav", "p",  "search",
      "section", "summary", "table",  "tbody", "td",     "tfoot", "th",      "thead", "tr"};
  return kNames->count(name) > 0;
}

std::optional<Mark::Kind> MarkOf(const std::string& name) {
  static const auto* const kMarks = new std::map<std::string, Mark::Kind>{{"b", Mark::Kind::kBold},
                                                                          {"strong", Mark::Kind::kBold},
                                                                          {"i", Mark::Kind::kItalic},
                                                                          {"em", Mark::Kind::kItalic},
                                                                          {"cite", Mark::Kind::kItalic},
                                                                          {"dfn", Mark::Kind::kItalic},
                                                                          {"var", Mark::Kind::kItalic},
                                                                          {"s", Mark::Kind::kStrikethrough},
                                                                          {"strike", Mark::Kind::kStrikethrough},
                                                                          {"del", Mark::Kind::kStrikethrough},
                                                                          {"u", Mark::Kind::kUnderline},
                                                                          {"ins", Mark::Kind::kUnderline},
                                                                          {"code", Mark::Kind::kCode},
                                                                          {"kbd", Mark::Kind::kCode},
                                                                          {"samp", Mark::Kind::kCode},
                                                                          {"tt", Mark::Kind::kCode}};
  const auto found = kMarks->find(name);
  if (found == kMarks->end()) return std::nullopt;
  return found->second;
}

// What raises, lowers or colours a text, which marks cannot say.
bool IsOtherFormatting(const std::string& name) {
  return name == "sub" || name == "sup" || name == "font" || name == "mark" || name == "big" || name == "marquee" ||
         name == "blink";
}

// The text of a paragraph, heading or quote.
const RichText* TextOf(const Block& block) {
  if (const auto* paragraph = std::get_if<Paragraph>(&block.kind)) return &paragraph->text;
  if (const auto* heading = std::get_if<Heading>(&block.kind)) return &heading->text;
  if (const auto* quote = std::get_if<Quote>(&block.kind)) return &quote->text;
  return nullptr;
}

}  // namespace

void BlockBuilder::VisitChildren(const HtmlNode& node) {
  for (const HtmlNode& child : node.children) Visit(child);
}

std::vector<Block> BlockBuilder::Finish() {
  Flush();
  if (gate_.has_value()) CloseGate();
  return std::move(blocks_);
}

void BlockBuilder::Visit(const HtmlNode& node) {
  switch (node.kind) {
    case HtmlNode::Kind::kText:
      return run_.Append(node.text, source_.lines_count ? InlineText::Lines::kKept : InlineText::Lines::kCollapsed);
    case HtmlNode::Kind::kComment:
      return VisitComment(node.text);
    case HtmlNode::Kind::kElement:
      break;
  }
  NoteHandlers(node);
  if (IsDropped(node.name)) return losses_.Add(node.name, node.Attribute("src"));
  if (VisitCard(node) || VisitMedia(node)) return;
  if (MarkOf(node.name).has_value() || !PartsParagraphs(node.name)) return VisitInline(node);
  VisitBlock(node);
}

void BlockBuilder::VisitComment(const std::string& comment) {
  absl::string_view said = absl::StripAsciiWhitespace(comment);
  if (said == "members-only") {
    Flush();
    if (!has_marker_ && !gate_.has_value()) Add(PaywallMarker{});
    has_marker_ = true;
  } else if (absl::ConsumePrefix(&said, "kg-gated-block:begin")) {
    OpenGateFor(said);
  } else if (said == "kg-gated-block:end") {
    CloseGate();
  } else if (said == "more" || absl::StartsWith(said, "more ")) {
    losses_.Add("more marker");
  }
}

void BlockBuilder::OpenGateFor(absl::string_view parameters) {
  Flush();
  if (gate_.has_value()) CloseGate();
  OpenGate gate;
  gate.first = blocks_.size();
  const bool non_members = absl::StrContains(parameters, "nonMember:true");
  const bool free_members = absl::StrContains(parameters, "\"status:free");
  const bool paying_members = absl::StrContains(parameters, "status:-free");
  gate.everyone = non_members && free_members && paying_members;
  if (non_members && !free_members && !paying_members) gate.audience = GatedBlocks::Audience::kNonMembers;
  if (!non_members && free_members && paying_members) gate.audience = GatedBlocks::Audience::kRegistered;
  if (!non_members && !free_members && paying_members) gate.audience = GatedBlocks::Audience::kMembers;
  if (!gate.everyone && !gate.audience.has_value()) losses_.Add("gate", parameters);
  gate_ = gate;
}

void BlockBuilder::CloseGate() {
  Flush();
  if (!gate_.has_value()) return;
  const OpenGate gate = *std::exchange(gate_, std::nullopt);
  if (gate.everyone) return;
  const auto first = blocks_.begin() + static_cast<std::ptrdiff_t>(gate.first);
  GatedBlocks gated;
  gated.blocks.assign(std::make_move_iterator(first), std::make_move_iterator(blocks_.end()));
  blocks_.erase(first, blocks_.end());
  if (gated.blocks.empty() || !gate.audience.has_value()) return;
  gated.audience = *gate.audience;
  Add(std::move(gated));
}

void BlockBuilder::VisitBlock(const HtmlNode& node) {
  Flush();
  VisitChildren(node);
  Flush();
}

void BlockBuilder::VisitInline(const HtmlNode& node) {
  if (node.name == "br") return run_.BreakLine();
  if (node.name == "wbr") return;
  std::optional<Mark::Kind> mark = MarkOf(node.name);
  std::string href;
  if (node.name == "a" && !node.Attribute("href").empty()) {
    const std::optional<std::string> target = ResolveLink(node.Attribute("href"), source_.base_uri);
    if (target.has_value()) {
      mark = Mark::Kind::kLink;
      href = *target;
    } else {
      losses_.Add("link", node.Attribute("href"));
    }
  } else if (IsOtherFormatting(node.name)) {
    losses_.Add(absl::StrCat("formatting ", node.name));
  }
  if (mark.has_value()) run_.Open(*mark, std::move(href));
  VisitChildren(node);
  if (mark.has_value()) run_.Close();
}

void BlockBuilder::AddHeading(const HtmlNode& node) {
  Flush();
  std::vector<Block> others;
  Heading heading;
  heading.text = TextBelow(node, others);
  heading.level = std::clamp(node.name[1] - '0', 2, 4);
  if (!heading.text.text.empty()) Add(std::move(heading));
  AddAll(std::move(others));
}

void BlockBuilder::AddQuote(const HtmlNode& node) {
  Flush();
  HtmlNode words = node;
  Quote quote;
  std::vector<Block> others;
  std::vector<HtmlNode> kept;
  for (HtmlNode& child : words.children) {
    if (child.Is("cite") || child.Is("footer")) {
      quote.attribution = TextBelow(child, others).text;
    } else {
      kept.push_back(std::move(child));
    }
  }
  words.children = std::move(kept);
  quote.text = TextBelow(words, others);
  absl::c_replace(quote.attribution, '\n', ' ');
  if (!quote.text.text.empty()) Add(std::move(quote));
  AddAll(std::move(others));
}

void BlockBuilder::CollectItems(const HtmlNode& node, List& list, std::vector<Block>& others) {
  for (const HtmlNode& child : node.children) {
    if (child.kind != HtmlNode::Kind::kElement) continue;
    if (child.name == "ul" || child.name == "ol" || child.name == "menu") {
      losses_.Add("list in a list");
      CollectItems(child, list, others);
      continue;
    }
    BlockBuilder item(source_, losses_);
    item.VisitChildren(child);
    RichText text;
    std::vector<RichText> below;
    for (Block& block : item.Finish()) {
      if (const RichText* words = TextOf(block)) {
        text = Join(std::move(text), *words);
      } else if (auto* nested = std::get_if<List>(&block.kind)) {
        losses_.Add("list in a list");
        below.insert(below.end(), nested->items.begin(), nested->items.end());
      } else {
        others.push_back(std::move(block));
      }
    }
    if (!text.text.empty()) list.items.push_back(std::move(text));
    list.items.insert(list.items.end(), below.begin(), below.end());
  }
}

void BlockBuilder::AddList(const HtmlNode& node) {
  Flush();
  constexpr size_t kMostItems = 200;
  List list;
  list.ordered = node.name == "ol";
  std::vector<Block> others;
  CollectItems(node, list, others);
  for (size_t start = 0; start < list.items.size(); start += kMostItems) {
    const auto first = list.items.begin() + static_cast<std::ptrdiff_t>(start);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(kMostItems, list.items.size() - start));
    Add(List{.items = {first, last}, .ordered = list.ordered});
  }
  AddAll(std::move(others));
}

void BlockBuilder::CollectRows(const HtmlNode& node, Table& table, std::vector<Block>& others) {
  for (const HtmlNode& child : node.children) {
    if (child.Is("caption")) {
      table.caption = TextBelow(child, others).text;
    } else if (child.Is("thead") || child.Is("tbody") || child.Is("tfoot")) {
      CollectRows(child, table, others);
    } else if (child.Is("tr")) {
      std::vector<RichText> cells;
      bool all_head = true;
      for (const HtmlNode& cell : child.children) {
        if (!cell.Is("td") && !cell.Is("th")) continue;
        all_head = all_head && cell.Is("th");
        if (!cell.Attribute("colspan").empty() || !cell.Attribute("rowspan").empty()) losses_.Add("merged table cells");
        cells.push_back(TextBelow(cell, others));
      }
      if (table.rows.empty() && !cells.empty()) table.has_header = all_head || node.Is("thead");
      if (!cells.empty()) table.rows.push_back(std::move(cells));
    }
  }
}

void BlockBuilder::AddTable(const HtmlNode& node) {
  Flush();
  Table table;
  std::vector<Block> others;
  CollectRows(node, table, others);
  size_t columns = 0;
  for (const auto& row : table.rows) columns = std::max(columns, row.size());
  for (auto& row : table.rows) row.resize(columns);
  if (columns > 0) Add(std::move(table));
  AddAll(std::move(others));
}

RichText BlockBuilder::TextBelow(const HtmlNode& node, std::vector<Block>& others) {
  BlockBuilder inner(source_, losses_);
  inner.VisitChildren(node);
  RichText text;
  for (Block& block : inner.Finish()) {
    if (const RichText* words = TextOf(block)) {
      text = Join(std::move(text), *words);
    } else if (const auto* list = std::get_if<List>(&block.kind)) {
      for (const RichText& item : list->items) text = Join(std::move(text), item);
    } else {
      others.push_back(std::move(block));
    }
  }
  return text;
}

void BlockBuilder::Flush() {
  for (RichText& text : run_.Take(kMaxTextCodePoints, losses_)) {
    if (!AddIfEmbed(text)) Add(Paragraph{.text = std::move(text)});
  }
}

bool BlockBuilder::AddIfEmbed(const RichText& text) {
  if (!IsWebUri(text.text) || !EmbedProvider(text.text).has_value()) return false;
  // A link with other words than its address is a link.
  for (const Mark& mark : text.marks) {
    if (mark.kind == Mark::Kind::kLink && mark.href != text.text) return false;
  }
  AddEmbed(text.text, "");
  return true;
}

void BlockBuilder::AddAll(std::vector<Block> blocks) {
  for (Block& block : blocks) blocks_.push_back(std::move(block));
}

void BlockBuilder::NoteHandlers(const HtmlNode& node) {
  for (const auto& [key, value] : node.attributes) {
    if (absl::StartsWith(key, "on")) losses_.Add("event handler", absl::StrCat(key, "=", value));
  }
}

}  // namespace masthead::articles

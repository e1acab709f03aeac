#include "services/articles/exchange/html_tree.h"

#include <gumbo.h>

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxArenaBytes = size_t{64} << 20;
constexpr size_t kChunkBytes = size_t{1} << 18;
constexpr int kMaxUnclosed = 500;
constexpr int kMaxDepth = 1000;

// All that the parser asks for, given back at once. Instead of returning nothing when there is no more, which the
// parser does not expect, it jumps out of it: there are only frames of C in between.
struct Arena {
  std::jmp_buf exhausted;
  std::vector<std::unique_ptr<char[]>> chunks;
  char* next = nullptr;
  size_t left = 0;
  size_t total = 0;
};

void* Allocate(void* userdata, size_t size) {
  Arena& arena = *static_cast<Arena*>(userdata);
  const size_t needed = (size + alignof(std::max_align_t) - 1) / alignof(std::max_align_t) * alignof(std::max_align_t);
  if (needed > arena.left) {
    const size_t chunk = std::max(needed, kChunkBytes);
    if (arena.total + chunk > kMaxArenaBytes) std::longjmp(arena.exhausted, 1);
    arena.next = arena.chunks.emplace_back(std::make_unique<char[]>(chunk)).get();
    arena.left = chunk;
    arena.total += chunk;
  }
  char* const given = arena.next;
  arena.next += needed;
  arena.left -= needed;
  return given;
}

void KeepUntilTheEnd(void*, void*) {}

// Null if the arena is exhausted. Nothing in this frame needs a destructor.
const GumboOutput* ParseIn(Arena& arena, absl::string_view html) {
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = &Allocate;
  options.deallocator = &KeepUntilTheEnd;
  options.userdata = &arena;
  options.max_errors = 0;
  options.fragment_context = GUMBO_TAG_BODY;
  if (setjmp(arena.exhausted) != 0) return nullptr;
  return gumbo_parse_with_options(&options, html.data(), html.size());
}

// Those that never nest: without content, or closed by the next of their kind.
bool NeverNests(const std::string& tag) {
  static const auto* const kTags = new std::set<std::string>{
      "area", "base", "br", "col",    "dd",   "dt",    "embed", "hr", "img",  "input", "li",  "link",
      "meta", "p",    "td", "option", "path", "param", "th",    "tr", "path", "track", "wbr", "source"};
  return kTags->count(tag) > 0;
}

// Whether more elements are open at once than a text has reason for. The parser's time grows with the product of depth
// and length. Counted by name: what closes nothing does not make up for what is open.
bool NestsTooDeep(absl::string_view html) {
  std::map<std::string, int> open;
  int all_open = 0;
  for (size_t i = html.find('<'); i != absl::string_view::npos; i = html.find('<', i + 1)) {
    size_t end = i + 1;
    const bool closes = end < html.size() && html[end] == '/';
    if (closes) ++end;
    const size_t start = end;
    while (end < html.size() && absl::ascii_isalnum(html[end])) ++end;
    if (end == start) continue;
    const std::string tag = absl::AsciiStrToLower(html.substr(start, end - start));
    if (NeverNests(tag)) continue;
    int& of_this = open[tag];
    if (!closes) {
      ++of_this;
      if (++all_open > kMaxUnclosed) return true;
    } else if (of_this > 0) {
      --of_this;
      --all_open;
    }
  }
  return false;
}

std::string NameOf(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return absl::AsciiStrToLower(absl::string_view(piece.data, piece.length));
}

bool Copy(const GumboNode& from, int depth, HtmlNode& to);

bool CopyChildren(const GumboElement& element, int depth, HtmlNode& to) {
  if (depth > kMaxDepth) return false;
  to.children.reserve(element.children.length);
  for (unsigned i = 0; i < element.children.length; ++i) {
    if (!Copy(*static_cast<const GumboNode*>(element.children.data[i]), depth + 1, to.children.emplace_back())) {
      return false;
    }
  }
  return true;
}

bool Copy(const GumboNode& from, int depth, HtmlNode& to) {
  switch (from.type) {
    case GUMBO_NODE_COMMENT:
      to.kind = HtmlNode::Kind::kComment;
      to.text = from.v.text.text;
      return true;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_CDATA:
    case GUMBO_NODE_WHITESPACE:
      to.kind = HtmlNode::Kind::kText;
      to.text = from.v.text.text;
      return true;
    case GUMBO_NODE_DOCUMENT:
      return true;
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE:
      break;
  }
  const GumboElement& element = from.v.element;
  to.name = NameOf(element);
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto* attribute = static_cast<const GumboAttribute*>(element.attributes.data[i]);
    to.attributes.emplace_back(absl::AsciiStrToLower(attribute->name), attribute->value);
  }
  return CopyChildren(element, depth, to);
}

absl::Status TooMuch(absl::string_view what) { return absl::ResourceExhaustedError(what); }

}  // namespace

absl::string_view HtmlNode::Attribute(absl::string_view attribute) const {
  for (const auto& [key, value] : attributes) {
    if (key == attribute) return value;
  }
  return {};
}

bool HtmlNode::HasClass(absl::string_view wanted) const {
  for (absl::string_view one : absl::StrSplit(Attribute("class"), absl::ByAnyChar(" \t\n\r\f"))) {
    if (one == wanted) return true;
  }
  return false;
}

absl::StatusOr<HtmlNode> ParseHtml(absl::string_view html) {
  if (html.size() > kMaxHtmlBytes) return TooMuch("the HTML has more than 2 MiB");
  if (NestsTooDeep(html)) return TooMuch("the HTML has more than 500 elements open at once");
  Arena arena;
  const GumboOutput* output = ParseIn(arena, html);
  HtmlNode root;
  if (output == nullptr || !CopyChildren(output->root->v.element, 0, root)) {
    return TooMuch("the HTML makes too large a tree");
  }
  return root;
}

}  // namespace masthead::articles

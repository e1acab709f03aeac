#include "services/articles/article/block_rules.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/text/text.h"
#include "services/articles/article/graphemes.h"

namespace masthead::articles {
namespace {

constexpr int64_t kMaxTextCodePoints = 20000;
constexpr int64_t kMaxHeadingCodePoints = 300;
constexpr size_t kMaxMarks = 500;
constexpr size_t kMaxListItems = 200;
constexpr size_t kMaxUriBytes = 2048;
constexpr size_t kMaxBlockIdBytes = 40;
constexpr int32_t kMaxPixels = 100000;

// A public address.
void CheckWebUri(absl::string_view field, const std::string& uri, FieldViolations& violations) {
  if (uri.empty()) {
    violations.Add(field, "is required");
  } else if (uri.size() > kMaxUriBytes || !IsWebUri(uri)) {
    violations.Add(field, absl::StrCat("is no https or http URI of at most ", kMaxUriBytes, " bytes"));
  }
}

void CheckMark(absl::string_view field, const Mark& mark, const std::vector<bool>& edges, FieldViolations& violations) {
  const auto length = static_cast<int32_t>(edges.size()) - 1;
  if (mark.start < 0 || mark.end > length || mark.start >= mark.end) {
    violations.Add(field, absl::StrCat("is no range within the text's ", length, " code points"));
  } else if (!edges[mark.start] || !edges[mark.end]) {
    violations.Add(field, "begins or ends within a character (a grapheme)");
  }
  const bool is_link = mark.kind == Mark::Kind::kLink;
  if (is_link && (mark.href.size() > kMaxUriBytes || !IsLinkTarget(mark.href))) {
    violations.Add(absl::StrCat(field, ".href"),
                   absl::StrCat("is no absolute URI with the scheme https, http, mailto or tel, of at most ",
                                kMaxUriBytes, " bytes"));
  }
  if (!is_link && !mark.href.empty()) violations.Add(absl::StrCat(field, ".href"), "is only for links");
}

void CheckRichText(const std::string& field, RichText& rich, int64_t max_code_points, FieldViolations& violations) {
  if (rich.marks.size() > kMaxMarks) {
    violations.Add(absl::StrCat(field, ".marks"), absl::StrCat("has more than ", kMaxMarks, " entries"));
    return;
  }
  const int64_t length_as_sent = text::CodePoints(rich.text);
  text::CheckText(absl::StrCat(field, ".text"), rich.text, max_code_points, /*required=*/true, violations);
  if (rich.marks.empty()) return;
  if (text::CodePoints(rich.text) != length_as_sent) {
    violations.Add(absl::StrCat(field, ".text"),
                   "is not in NFC, or holds bidirectional overrides; its marks would shift");
    return;
  }
  const std::vector<bool> edges = GraphemeEdges(rich.text);
  for (size_t i = 0; i < rich.marks.size(); ++i) {
    CheckMark(absl::StrCat(field, ".marks[", i, "]"), rich.marks[i], edges, violations);
  }
}

// Checks one block; the path of its field is known only to whoever holds the list.
class BlockCheck {
 public:
  BlockCheck(std::string field, FieldViolations& violations) : field_(std::move(field)), violations_(violations) {}

  void operator()(Paragraph& paragraph) const { Text(".paragraph.text", paragraph.text); }
  void operator()(Heading& heading) const {
    CheckRichText(absl::StrCat(field_, ".heading.text"), heading.text, kMaxHeadingCodePoints, violations_);
    if (heading.level < 2 || heading.level > 4)
      violations_.Add(absl::StrCat(field_, ".heading.level"), "is not 2, 3 or 4");
  }
  void operator()(Image& image) const { CheckImage(absl::StrCat(field_, ".image"), image, violations_); }
  void operator()(Quote& quote) const {
    Text(".quote.text", quote.text);
    text::CheckLine(absl::StrCat(field_, ".quote.attribution"), quote.attribution, 300, /*required=*/false,
                    violations_);
  }
  void operator()(List& list) const {
    if (list.items.empty() || list.items.size() > kMaxListItems) {
      violations_.Add(absl::StrCat(field_, ".list.items"),
                      absl::StrCat("has none or more than ", kMaxListItems, " entries"));
      return;
    }
    for (size_t i = 0; i < list.items.size(); ++i) Text(absl::StrCat(".list.items[", i, "]"), list.items[i]);
  }
  void operator()(Divider&) const {}
  void operator()(Embed& embed) const {
    CheckWebUri(absl::StrCat(field_, ".embed.uri"), embed.uri, violations_);
    if (absl::StartsWithIgnoreCase(embed.uri, "http:"))
      violations_.Add(absl::StrCat(field_, ".embed.uri"), "is not https");
    text::CheckLine(absl::StrCat(field_, ".embed.provider"), embed.provider, 60, /*required=*/false, violations_);
    text::CheckText(absl::StrCat(field_, ".embed.fallback_text"), embed.fallback_text, 1000, /*required=*/false,
                    violations_);
  }
  void operator()(PaywallMarker&) const {}

 private:
  void Text(absl::string_view path, RichText& rich) const {
    CheckRichText(absl::StrCat(field_, path), rich, kMaxTextCodePoints, violations_);
  }

  std::string field_;
  FieldViolations& violations_;
};

bool IsBlockId(absl::string_view id) {
  return id.size() <= kMaxBlockIdBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; });
}

bool HasSpaceOrControl(absl::string_view uri) {
  return std::any_of(uri.begin(), uri.end(), [](char c) {
    return absl::ascii_isspace(c) || absl::ascii_iscntrl(c) || c == '"' || c == '<' || c == '>' || c == '\\';
  });
}

}  // namespace

void CheckBody(std::vector<Block>& body, FieldViolations& violations) {
  if (body.size() > kMaxBlocks) {
    violations.Add("article.body", absl::StrCat("has more than ", kMaxBlocks, " blocks"));
    return;
  }
  std::set<std::string> ids;
  int markers = 0;
  for (size_t i = 0; i < body.size(); ++i) {
    const std::string field = absl::StrCat("article.body[", i, "]");
    Block& block = body[i];
    if (!IsBlockId(block.id)) {
      violations.Add(absl::StrCat(field, ".block_id"),
                     absl::StrCat("is not [A-Za-z0-9_-] of at most ", kMaxBlockIdBytes, " bytes"));
    } else if (!block.id.empty() && !ids.insert(block.id).second) {
      violations.Add(absl::StrCat(field, ".block_id"), "names another block already");
    }
    if (std::holds_alternative<PaywallMarker>(block.kind) && ++markers == 2) {
      violations.Add(absl::StrCat(field, ".paywall_marker"), "is the second of the body");
    }
    std::visit(BlockCheck(field, violations), block.kind);
  }
}

void CheckImage(absl::string_view field, Image& image, FieldViolations& violations) {
  CheckWebUri(absl::StrCat(field, ".uri"), image.uri, violations);
  text::CheckText(absl::StrCat(field, ".alt"), image.alt, 1000, /*required=*/false, violations);
  text::CheckText(absl::StrCat(field, ".caption"), image.caption, 1000, /*required=*/false, violations);
  text::CheckLine(absl::StrCat(field, ".credit"), image.credit, 300, /*required=*/false, violations);
  if (image.width < 0 || image.width > kMaxPixels)
    violations.Add(absl::StrCat(field, ".width"), "is not within 0 and 100000");
  if (image.height < 0 || image.height > kMaxPixels)
    violations.Add(absl::StrCat(field, ".height"), "is not within 0 and 100000");
}

bool IsWebUri(absl::string_view uri) {
  if (HasSpaceOrControl(uri)) return false;
  const std::string scheme = absl::AsciiStrToLower(uri.substr(0, uri.find("://")));
  if (scheme != "https" && scheme != "http") return false;
  const absl::string_view rest = uri.substr(scheme.size() + 3);
  return !rest.empty() && rest.front() != '/' && rest.front() != '?' && rest.front() != '#';
}

bool IsLinkTarget(absl::string_view href) {
  if (IsWebUri(href)) return true;
  if (HasSpaceOrControl(href)) return false;
  for (absl::string_view scheme : {"mailto:", "tel:"}) {
    if (absl::StartsWithIgnoreCase(href, scheme) && href.size() > scheme.size()) return true;
  }
  return false;
}

void NameBlocks(const std::vector<Block>& before, std::vector<Block>& after,
                const std::function<std::string()>& new_id) {
  std::set<std::string> used;
  for (const Block& block : after) used.insert(block.id);
  for (Block& block : after) {
    if (!block.id.empty()) continue;
    const auto twin = std::find_if(before.begin(), before.end(),
                                   [&](const Block& old) { return old.kind == block.kind && used.count(old.id) == 0; });
    block.id = twin != before.end() ? twin->id : new_id();
    used.insert(block.id);
  }
}

}  // namespace masthead::articles

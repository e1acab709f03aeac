#include "services/articles/article/block_rules.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/text/text.h"
#include "services/articles/article/text_rules.h"

namespace masthead::articles {
namespace {

constexpr size_t kMaxListItems = 200;
constexpr size_t kMaxGalleryImages = 50;
constexpr size_t kMaxTableRows = 500;
constexpr size_t kMaxTableCells = 20;
constexpr size_t kMaxRelated = 10;
constexpr size_t kMaxGatedBlocks = 200;
constexpr size_t kMaxHtmlBytes = 65'536;
constexpr size_t kMaxLanguageBytes = 40;
constexpr size_t kMaxBlockIdBytes = 40;
constexpr int64_t kMaxProviderCodePoints = 60;
constexpr int64_t kMaxButtonCodePoints = 120;
constexpr int32_t kSecondsADay = 86'400;

// Checks the kind of one block, below the field `article.body[i].kind`.
class KindCheck {
 public:
  KindCheck(absl::string_view field, FieldViolations& violations) : field_(field), violations_(violations) {}

  void operator()(Paragraph& block) const { Rich("paragraph.text", block.text, kMaxTextCodePoints); }
  void operator()(Heading& block) const {
    Rich("heading.text", block.text, kMaxLineCodePoints);
    CheckRange(Path("heading.level"), block.level, 2, 4, violations_);
  }
  void operator()(Image& block) const { CheckImage(Path("image"), block, violations_); }
  void operator()(Quote& block) const {
    Rich("quote.text", block.text, kMaxTextCodePoints);
    Line("quote.attribution", block.attribution, kMaxLineCodePoints);
  }
  void operator()(List& block) const {
    CheckCount(Path("list.items"), block.items.size(), 1, kMaxListItems, violations_);
    for (size_t i = 0; i < std::min(block.items.size(), kMaxListItems); ++i) {
      Rich(absl::StrCat("list.items[", i, "]"), block.items[i], kMaxTextCodePoints);
    }
  }
  void operator()(Divider&) const {}
  void operator()(Embed& block) const {
    Uri("embed.uri", block.uri, /*required=*/true);
    if (absl::StartsWithIgnoreCase(block.uri, "http:")) violations_.Add(Path("embed.uri"), "is not https");
    Line("embed.provider", block.provider, kMaxProviderCodePoints);
    Text("embed.fallback_text", block.fallback_text, kMaxAsideCodePoints);
  }
  void operator()(PaywallMarker&) const {}
  void operator()(Gallery& block) const {
    CheckCount(Path("gallery.images"), block.images.size(), 1, kMaxGalleryImages, violations_);
    for (size_t i = 0; i < std::min(block.images.size(), kMaxGalleryImages); ++i) {
      CheckImage(Path(absl::StrCat("gallery.images[", i, "]")), block.images[i], violations_);
    }
    Text("gallery.caption", block.caption, kMaxAsideCodePoints);
  }
  void operator()(Video& block) const {
    Uri("video.uri", block.uri, /*required=*/true);
    Uri("video.poster_uri", block.poster_uri, /*required=*/false);
    Text("video.caption", block.caption, kMaxAsideCodePoints);
    Line("video.credit", block.credit, kMaxLineCodePoints);
    Text("video.transcript", block.transcript, kMaxTextCodePoints);
  }
  void operator()(Audio& block) const {
    Uri("audio.uri", block.uri, /*required=*/true);
    Line("audio.title", block.title, kMaxLineCodePoints);
    CheckRange(Path("audio.duration_seconds"), block.duration_seconds, 0, kSecondsADay, violations_);
    Line("audio.credit", block.credit, kMaxLineCodePoints);
    Text("audio.transcript", block.transcript, kMaxTextCodePoints);
  }
  void operator()(PullQuote& block) const {
    Rich("pull_quote.text", block.text, kMaxAsideCodePoints);
    Line("pull_quote.attribution", block.attribution, kMaxLineCodePoints);
  }
  void operator()(Table& block) const {
    CheckCount(Path("table.rows"), block.rows.size(), 1, kMaxTableRows, violations_);
    for (size_t i = 0; i < std::min(block.rows.size(), kMaxTableRows); ++i) CheckRow(i, block);
    Text("table.caption", block.caption, kMaxAsideCodePoints);
  }
  void operator()(Code& block) const {
    text::CheckText(Path("code.text"), block.text, kMaxTextCodePoints, /*required=*/true, violations_);
    const auto allowed = [](char c) { return absl::ascii_isalnum(c) || absl::StrContains("+#._-", c); };
    if (block.language.size() > kMaxLanguageBytes ||
        !std::all_of(block.language.begin(), block.language.end(), allowed)) {
      violations_.Add(Path("code.language"),
                      absl::StrCat("is not [A-Za-z0-9+#._-] of at most ", kMaxLanguageBytes, " bytes"));
    }
  }
  void operator()(Button& block) const {
    text::CheckLine(Path("button.text"), block.text, kMaxButtonCodePoints, /*required=*/true, violations_);
    CheckLinkTarget(Path("button.href"), block.href, violations_);
  }
  void operator()(Callout& block) const {
    Line("callout.title", block.title, kMaxLineCodePoints);
    Rich("callout.text", block.text, kMaxTextCodePoints);
  }
  void operator()(RawHtml& block) const {
    if (block.html.empty() || block.html.size() > kMaxHtmlBytes) {
      violations_.Add(Path("raw_html.html"), absl::StrCat("is empty or has more than ", kMaxHtmlBytes, " bytes"));
    }
    if (absl::StrContains(block.html, '\0')) violations_.Add(Path("raw_html.html"), "must not contain NUL");
  }
  void operator()(Related& block) const {
    CheckCount(Path("related.articles"), block.article_ids.size(), 1, kMaxRelated, violations_);
    CheckEachOnce(Path("related.articles"), block.article_ids, violations_);
  }
  // Its blocks are CheckBlocks'.
  void operator()(GatedBlocks& block) const {
    CheckPlans(Path("gate.plans"), block.audience == GatedBlocks::Audience::kPlans, block.plans, violations_);
    CheckCount(Path("gate.blocks"), block.blocks.size(), 1, kMaxGatedBlocks, violations_);
  }
  void operator()(LiveCoverageBlock&) const {}

 private:
  std::string Path(absl::string_view path) const { return absl::StrCat(field_, ".", path); }

  void Rich(absl::string_view path, RichText& rich, int64_t max_code_points) const {
    CheckRichText(Path(path), rich, max_code_points, /*required=*/true, violations_);
  }
  void Text(absl::string_view path, std::string& text, int64_t max_code_points) const {
    text::CheckText(Path(path), text, max_code_points, /*required=*/false, violations_);
  }
  void Line(absl::string_view path, std::string& line, int64_t max_code_points) const {
    text::CheckLine(Path(path), line, max_code_points, /*required=*/false, violations_);
  }
  void Uri(absl::string_view path, const std::string& uri, bool required) const {
    CheckWebUri(Path(path), uri, required, violations_);
  }

  void CheckRow(size_t i, Table& table) const {
    std::vector<RichText>& cells = table.rows[i];
    const std::string path = absl::StrCat("table.rows[", i, "].cells");
    CheckCount(Path(path), cells.size(), 1, kMaxTableCells, violations_);
    if (cells.size() != table.rows.front().size()) violations_.Add(Path(path), "are not as many as in the first row");
    for (size_t c = 0; c < std::min(cells.size(), kMaxTableCells); ++c) {
      CheckRichText(Path(absl::StrCat(path, "[", c, "]")), cells[c], kMaxTextCodePoints, /*required=*/false,
                    violations_);
    }
  }

  absl::string_view field_;
  FieldViolations& violations_;
};

bool IsBlockId(absl::string_view id) {
  return id.size() <= kMaxBlockIdBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return absl::ascii_isalnum(c) || c == '_' || c == '-'; });
}

// What holds of all blocks of a body together.
class BodyCheck {
 public:
  explicit BodyCheck(FieldViolations& violations) : violations_(violations) {}

  void Check(absl::string_view list_field, std::vector<Block>& blocks, bool gated) {
    for (size_t i = 0; i < blocks.size(); ++i) {
      const std::string field = absl::StrCat(list_field, "[", i, "]");
      Block& block = blocks[i];
      CheckId(absl::StrCat(field, ".block_id"), block.id);
      if (std::holds_alternative<PaywallMarker>(block.kind)) CheckMarker(absl::StrCat(field, ".paywall_marker"), gated);
      std::visit(KindCheck(field, violations_), block.kind);
      auto* gate = std::get_if<GatedBlocks>(&block.kind);
      if (gate == nullptr) continue;
      if (gated) {
        violations_.Add(absl::StrCat(field, ".gate"), "stands within a gate");
      } else {
        Check(absl::StrCat(field, ".gate.blocks"), gate->blocks, /*gated=*/true);
      }
    }
  }

 private:
  void CheckId(const std::string& field, const std::string& id) {
    if (!IsBlockId(id)) {
      violations_.Add(field, absl::StrCat("is not [A-Za-z0-9_-] of at most ", kMaxBlockIdBytes, " bytes"));
    } else if (!id.empty() && !ids_.insert(id).second) {
      violations_.Add(field, "names another block already");
    }
  }

  void CheckMarker(const std::string& field, bool gated) {
    if (gated) violations_.Add(field, "stands within a gate");
    if (!gated && ++markers_ == 2) violations_.Add(field, "is the second of the body");
  }

  FieldViolations& violations_;
  std::set<std::string> ids_;
  int markers_ = 0;
};

// Calls `visit` for every block, before those in it.
template <typename Blocks, typename Visit>
void ForEachBlock(Blocks& blocks, const Visit& visit) {
  for (auto& block : blocks) {
    visit(block);
    if (auto* gate = std::get_if<GatedBlocks>(&block.kind)) ForEachBlock(gate->blocks, visit);
  }
}

// Whether the two say the same, whatever they are called.
bool SameKind(const Block& a, const Block& b);

bool SameBlocks(const std::vector<Block>& a, const std::vector<Block>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), SameKind);
}

bool SameKind(const Block& a, const Block& b) {
  const auto* gate_a = std::get_if<GatedBlocks>(&a.kind);
  const auto* gate_b = std::get_if<GatedBlocks>(&b.kind);
  if (gate_a == nullptr || gate_b == nullptr) return a.kind == b.kind;
  return gate_a->audience == gate_b->audience && gate_a->plans == gate_b->plans &&
         SameBlocks(gate_a->blocks, gate_b->blocks);
}

void AddReferences(const std::string& field, const std::vector<Block>& blocks, BlockReferences& references) {
  for (size_t i = 0; i < blocks.size(); ++i) {
    const std::string at = absl::StrCat(field, "[", i, "]");
    if (const auto* related = std::get_if<Related>(&blocks[i].kind)) {
      for (size_t j = 0; j < related->article_ids.size(); ++j) {
        references.articles.push_back({absl::StrCat(at, ".related.articles[", j, "]"), related->article_ids[j]});
      }
    } else if (const auto* coverage = std::get_if<LiveCoverageBlock>(&blocks[i].kind)) {
      references.live_coverages.push_back({at + ".live_coverage.live_coverage", coverage->live_coverage_id});
    } else if (const auto* gate = std::get_if<GatedBlocks>(&blocks[i].kind)) {
      AddReferences(at + ".gate.blocks", gate->blocks, references);
    }
  }
}

}  // namespace

void CheckBody(const std::string& field, std::vector<Block>& body, FieldViolations& violations) {
  size_t blocks = 0;
  ForEachBlock(body, [&](const Block&) { ++blocks; });
  if (blocks > kMaxBlocks) {
    violations.Add(field, absl::StrCat("has more than ", kMaxBlocks, " blocks"));
    return;
  }
  BodyCheck(violations).Check(field, body, /*gated=*/false);
}

BlockReferences ReferencesOf(const std::string& field, const std::vector<Block>& body) {
  BlockReferences references;
  AddReferences(field, body, references);
  return references;
}

bool AddsRawHtml(const std::vector<Block>& before, const std::vector<Block>& after) {
  std::set<std::string> known;
  ForEachBlock(before, [&](const Block& block) {
    if (const auto* raw = std::get_if<RawHtml>(&block.kind)) known.insert(raw->html);
  });
  bool adds = false;
  ForEachBlock(after, [&](const Block& block) {
    const auto* raw = std::get_if<RawHtml>(&block.kind);
    adds = adds || (raw != nullptr && known.count(raw->html) == 0);
  });
  return adds;
}

void NameBlocks(const std::vector<Block>& before, std::vector<Block>& after,
                const std::function<std::string()>& new_id) {
  std::set<std::string> used;
  ForEachBlock(after, [&](const Block& block) { used.insert(block.id); });
  std::vector<const Block*> named;
  ForEachBlock(before, [&](const Block& block) { named.push_back(&block); });
  ForEachBlock(after, [&](Block& block) {
    if (!block.id.empty()) return;
    const auto twin = std::find_if(named.begin(), named.end(),
                                   [&](const Block* old) { return used.count(old->id) == 0 && SameKind(*old, block); });
    block.id = twin != named.end() ? (*twin)->id : new_id();
    used.insert(block.id);
  });
}

}  // namespace masthead::articles

#include "services/articles/article/block_text.h"

#include <string>
#include <vector>

namespace masthead::articles {
namespace {

class TextsOf {
 public:
  explicit TextsOf(absl::FunctionRef<void(TextRole, absl::string_view)> visit) : visit_(visit) {}

  void operator()(const Paragraph& block) const { Visit(TextRole::kStory, block.text.text); }
  void operator()(const Heading& block) const { Visit(TextRole::kStory, block.text.text); }
  void operator()(const Image& block) const {
    Visit(TextRole::kAlternative, block.alt);
    Visit(TextRole::kAside, block.caption);
    Visit(TextRole::kAttribution, block.credit);
  }
  void operator()(const Quote& block) const {
    Visit(TextRole::kStory, block.text.text);
    Visit(TextRole::kAttribution, block.attribution);
  }
  void operator()(const List& block) const { VisitAll(block.items); }
  void operator()(const Divider&) const {}
  void operator()(const Embed& block) const { Visit(TextRole::kAlternative, block.fallback_text); }
  void operator()(const PaywallMarker&) const {}
  void operator()(const Gallery& block) const {
    for (const Image& image : block.images) (*this)(image);
    Visit(TextRole::kAside, block.caption);
  }
  void operator()(const Video& block) const {
    Visit(TextRole::kAside, block.caption);
    Visit(TextRole::kAttribution, block.credit);
    Visit(TextRole::kAlternative, block.transcript);
  }
  void operator()(const Audio& block) const {
    Visit(TextRole::kAside, block.title);
    Visit(TextRole::kAttribution, block.credit);
    Visit(TextRole::kAlternative, block.transcript);
  }
  void operator()(const PullQuote& block) const {
    Visit(TextRole::kRepeated, block.text.text);
    Visit(TextRole::kAttribution, block.attribution);
  }
  void operator()(const Table& block) const {
    for (const std::vector<RichText>& row : block.rows) VisitAll(row);
    Visit(TextRole::kAside, block.caption);
  }
  void operator()(const Code& block) const { Visit(TextRole::kProgram, block.text); }
  void operator()(const Button& block) const { Visit(TextRole::kAside, block.text); }
  void operator()(const Callout& block) const {
    Visit(TextRole::kAside, block.title);
    Visit(TextRole::kStory, block.text.text);
  }
  void operator()(const RawHtml&) const {}
  void operator()(const Related&) const {}
  void operator()(const GatedBlocks& gate) const {
    for (const Block& block : gate.blocks) std::visit(*this, block.kind);
  }
  void operator()(const LiveCoverageBlock&) const {}

 private:
  void Visit(TextRole role, absl::string_view text) const {
    if (!text.empty()) visit_(role, text);
  }
  void VisitAll(const std::vector<RichText>& texts) const {
    for (const RichText& rich : texts) Visit(TextRole::kStory, rich.text);
  }

  absl::FunctionRef<void(TextRole, absl::string_view)> visit_;
};

}  // namespace

void ForEachText(const Block& block, absl::FunctionRef<void(TextRole, absl::string_view)> visit) {
  std::visit(TextsOf(visit), block.kind);
}

}  // namespace masthead::articles

// Walks a tree of HTML and makes blocks of it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/articles/article/block.h"
#include "services/articles/exchange/html_source.h"
#include "services/articles/exchange/html_tree.h"
#include "services/articles/exchange/inline_text.h"
#include "services/articles/exchange/losses.h"

namespace masthead::articles {

class BlockBuilder {
 public:
  BlockBuilder(const HtmlSource& source, Losses& losses) : source_(source), losses_(losses) {}

  void VisitChildren(const HtmlNode& node);

  // All blocks, those of gates that were never closed too.
  std::vector<Block> Finish();

 private:
  // Ghost's gate: blocks from `first` on are in it.
  struct OpenGate {
    size_t first = 0;
    std::optional<GatedBlocks::Audience> audience;  // nullopt: of nobody whom an article can name.
    bool everyone = false;
  };

  void Visit(const HtmlNode& node);
  void VisitComment(const std::string& comment);
  void VisitBlock(const HtmlNode& node);
  bool VisitCard(const HtmlNode& node);
  bool VisitMedia(const HtmlNode& node);
  void VisitInline(const HtmlNode& node);

  void AddHeading(const HtmlNode& node);
  void AddQuote(const HtmlNode& node);
  void AddList(const HtmlNode& node);
  void AddTable(const HtmlNode& node);
  void AddCode(const HtmlNode& node);
  void AddFigure(const HtmlNode& node);
  void AddEmbed(absl::string_view src, const std::string& caption);
  void AddVideo(const HtmlNode& node);
  void AddAudio(const HtmlNode& node);
  void AddImages(const std::vector<const HtmlNode*>& images, const std::string& caption, bool gallery);
  std::optional<Image> MakeImage(const HtmlNode& node);

  // The words below `node` as one text; what is no text goes to `others`.
  RichText TextBelow(const HtmlNode& node, std::vector<Block>& others);
  // The items of a list and of those in it.
  void CollectItems(const HtmlNode& node, List& list, std::vector<Block>& others);
  void CollectRows(const HtmlNode& node, Table& table, std::vector<Block>& others);

  // Ends the paragraph that is being written.
  void Flush();
  // A paragraph that is the address of a player and nothing else is its embed.
  bool AddIfEmbed(const RichText& text);
  void Add(Block::Kind kind) { blocks_.push_back({.id = "", .kind = std::move(kind)}); }
  void AddAll(std::vector<Block> blocks);
  void OpenGateFor(absl::string_view parameters);
  void CloseGate();
  void NoteHandlers(const HtmlNode& node);

  const HtmlSource& source_;
  Losses& losses_;
  std::vector<Block> blocks_;
  InlineText run_;
  std::optional<OpenGate> gate_;
  bool has_marker_ = false;
};

}  // namespace masthead::articles

#include "services/articles/article/block_proto.h"

#include "absl/strings/str_cat.h"

namespace masthead::articles {
namespace {

v1::Mark::Kind ToProto(Mark::Kind kind) {
  switch (kind) {
    case Mark::Kind::kBold:
      return v1::Mark::BOLD;
    case Mark::Kind::kItalic:
      return v1::Mark::ITALIC;
    case Mark::Kind::kLink:
      return v1::Mark::LINK;
    case Mark::Kind::kStrikethrough:
      return v1::Mark::STRIKETHROUGH;
    case Mark::Kind::kUnderline:
      return v1::Mark::UNDERLINE;
    case Mark::Kind::kCode:
      return v1::Mark::CODE;
  }
  return v1::Mark::KIND_UNSPECIFIED;
}

v1::RichText ToProto(const RichText& rich) {
  v1::RichText proto;
  proto.set_text(rich.text);
  for (const Mark& mark : rich.marks) {
    v1::Mark& added = *proto.add_marks();
    added.set_start(mark.start);
    added.set_end(mark.end);
    added.set_kind(ToProto(mark.kind));
    added.set_href(mark.href);
  }
  return proto;
}

class BlockToProto {
 public:
  explicit BlockToProto(v1::Block& proto) : proto_(proto) {}

  void operator()(const Paragraph& block) const { *proto_.mutable_paragraph()->mutable_text() = ToProto(block.text); }
  void operator()(const Heading& block) const {
    *proto_.mutable_heading()->mutable_text() = ToProto(block.text);
    proto_.mutable_heading()->set_level(block.level);
  }
  void operator()(const Image& block) const { *proto_.mutable_image() = articles::ToProto(block); }
  void operator()(const Quote& block) const {
    *proto_.mutable_quote()->mutable_text() = ToProto(block.text);
    proto_.mutable_quote()->set_attribution(block.attribution);
  }
  void operator()(const List& block) const {
    for (const RichText& item : block.items) *proto_.mutable_list()->add_items() = ToProto(item);
    proto_.mutable_list()->set_ordered(block.ordered);
  }
  void operator()(const Divider&) const { proto_.mutable_divider(); }
  void operator()(const Embed& block) const {
    proto_.mutable_embed()->set_uri(block.uri);
    proto_.mutable_embed()->set_provider(block.provider);
    proto_.mutable_embed()->set_fallback_text(block.fallback_text);
  }
  void operator()(const PaywallMarker&) const { proto_.mutable_paywall_marker(); }

 private:
  v1::Block& proto_;
};

// Reads one block; unknown words become violations under the block's field.
class BlockReader {
 public:
  BlockReader(std::string field, FieldViolations& violations) : field_(std::move(field)), violations_(violations) {}

  Block::Kind Read(const v1::Block& proto) const {
    switch (proto.kind_case()) {
      case v1::Block::kParagraph:
        return Paragraph{Read(proto.paragraph().text())};
      case v1::Block::kHeading:
        return Heading{Read(proto.heading().text()), proto.heading().level()};
      case v1::Block::kImage:
        return ParseImage(proto.image());
      case v1::Block::kQuote:
        return Quote{Read(proto.quote().text()), proto.quote().attribution()};
      case v1::Block::kList:
        return Read(proto.list());
      case v1::Block::kDivider:
        return Divider();
      case v1::Block::kEmbed:
        return Embed{proto.embed().uri(), proto.embed().provider(), proto.embed().fallback_text()};
      case v1::Block::kPaywallMarker:
        return PaywallMarker();
      case v1::Block::KIND_NOT_SET:
        break;
    }
    violations_.Add(field_, "has no kind that this server knows");
    return Divider();
  }

 private:
  List Read(const v1::ListBlock& proto) const {
    List list = {{}, proto.ordered()};
    for (const v1::RichText& item : proto.items()) list.items.push_back(Read(item));
    return list;
  }

  RichText Read(const v1::RichText& proto) const {
    RichText rich = {proto.text(), {}};
    for (const v1::Mark& mark : proto.marks())
      rich.marks.push_back({mark.start(), mark.end(), Read(mark.kind()), mark.href()});
    return rich;
  }

  Mark::Kind Read(v1::Mark::Kind kind) const {
    switch (kind) {
      case v1::Mark::BOLD:
        return Mark::Kind::kBold;
      case v1::Mark::ITALIC:
        return Mark::Kind::kItalic;
      case v1::Mark::LINK:
        return Mark::Kind::kLink;
      case v1::Mark::STRIKETHROUGH:
        return Mark::Kind::kStrikethrough;
      case v1::Mark::UNDERLINE:
        return Mark::Kind::kUnderline;
      case v1::Mark::CODE:
        return Mark::Kind::kCode;
      default:
        violations_.Add(field_, "has a mark without a kind that this server knows");
        return Mark::Kind::kBold;
    }
  }

  std::string field_;
  FieldViolations& violations_;
};

}  // namespace

v1::Block ToProto(const Block& block) {
  v1::Block proto;
  proto.set_block_id(block.id);
  std::visit(BlockToProto(proto), block.kind);
  return proto;
}

v1::Image ToProto(const Image& image) {
  v1::Image proto;
  proto.set_uri(image.uri);
  proto.set_alt(image.alt);
  proto.set_caption(image.caption);
  proto.set_credit(image.credit);
  proto.set_width(image.width);
  proto.set_height(image.height);
  return proto;
}

std::vector<Block> ParseBody(const google::protobuf::RepeatedPtrField<v1::Block>& body, FieldViolations& violations) {
  std::vector<Block> blocks;
  for (int i = 0; i < body.size(); ++i) {
    const BlockReader reader(absl::StrCat("article.body[", i, "]"), violations);
    blocks.push_back({body[i].block_id(), reader.Read(body[i])});
  }
  return blocks;
}

Image ParseImage(const v1::Image& image) {
  return {.uri = image.uri(),
          .alt = image.alt(),
          .caption = image.caption(),
          .credit = image.credit(),
          .width = image.width(),
          .height = image.height()};
}

}  // namespace masthead::articles

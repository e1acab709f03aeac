#include "services/articles/article/block_proto.h"

#include "absl/strings/str_cat.h"
#include "services/articles/article/article.h"
#include "services/articles/article/names_proto.h"
#include "services/articles/article/spelling_proto.h"

namespace masthead::articles {
namespace {

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
  void operator()(const Gallery& block) const {
    for (const Image& image : block.images) *proto_.mutable_gallery()->add_images() = articles::ToProto(image);
    proto_.mutable_gallery()->set_caption(block.caption);
  }
  void operator()(const Video& block) const {
    v1::Video& video = *proto_.mutable_video();
    video.set_uri(block.uri);
    video.set_poster_uri(block.poster_uri);
    video.set_caption(block.caption);
    video.set_credit(block.credit);
    video.set_transcript(block.transcript);
  }
  void operator()(const Audio& block) const {
    v1::Audio& audio = *proto_.mutable_audio();
    audio.set_uri(block.uri);
    audio.set_title(block.title);
    audio.set_duration_seconds(block.duration_seconds);
    audio.set_credit(block.credit);
    audio.set_transcript(block.transcript);
  }
  void operator()(const PullQuote& block) const {
    *proto_.mutable_pull_quote()->mutable_text() = ToProto(block.text);
    proto_.mutable_pull_quote()->set_attribution(block.attribution);
  }
  void operator()(const Table& block) const {
    for (const std::vector<RichText>& row : block.rows) {
      v1::TableRow& added = *proto_.mutable_table()->add_rows();
      for (const RichText& cell : row) *added.add_cells() = ToProto(cell);
    }
    proto_.mutable_table()->set_has_header(block.has_header);
    proto_.mutable_table()->set_caption(block.caption);
  }
  void operator()(const Code& block) const {
    proto_.mutable_code()->set_text(block.text);
    proto_.mutable_code()->set_language(block.language);
  }
  void operator()(const Button& block) const {
    proto_.mutable_button()->set_text(block.text);
    proto_.mutable_button()->set_href(block.href);
  }
  void operator()(const Callout& block) const {
    *proto_.mutable_callout()->mutable_text() = ToProto(block.text);
    proto_.mutable_callout()->set_title(block.title);
  }
  void operator()(const RawHtml& block) const { proto_.mutable_raw_html()->set_html(block.html); }
  void operator()(const Related& block) const {
    for (const std::string& id : block.article_ids) proto_.mutable_related()->add_articles(ArticleName(id));
  }
  void operator()(const GatedBlocks& block) const {
    v1::Gate& gate = *proto_.mutable_gate();
    gate.set_audience(EnumToProto<v1::Gate::Audience>(block.audience));
    for (const std::string& plan : block.plans) gate.add_plans(plan);
    for (const Block& gated : block.blocks) *gate.add_blocks() = articles::ToProto(gated);
  }
  void operator()(const LiveCoverageBlock& block) const {
    proto_.mutable_live_coverage()->set_live_coverage(LiveCoverageName(block.live_coverage_id));
  }

 private:
  v1::Block& proto_;
};

// Reads one block; what cannot be understood becomes violations under the block's field.
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
        return List{Read(proto.list().items()), proto.list().ordered()};
      case v1::Block::kDivider:
        return Divider();
      case v1::Block::kEmbed:
        return Embed{proto.embed().uri(), proto.embed().provider(), proto.embed().fallback_text()};
      case v1::Block::kPaywallMarker:
        return PaywallMarker();
      case v1::Block::kGallery:
        return Read(proto.gallery());
      case v1::Block::kVideo:
        return Read(proto.video());
      case v1::Block::kAudio:
        return Read(proto.audio());
      case v1::Block::kPullQuote:
        return PullQuote{Read(proto.pull_quote().text()), proto.pull_quote().attribution()};
      case v1::Block::kTable:
        return Read(proto.table());
      case v1::Block::kCode:
        return Code{proto.code().text(), proto.code().language()};
      case v1::Block::kButton:
        return Button{proto.button().text(), proto.button().href()};
      case v1::Block::kCallout:
        return Callout{Read(proto.callout().text()), proto.callout().title()};
      case v1::Block::kRawHtml:
        return RawHtml{proto.raw_html().html()};
      case v1::Block::kRelated:
        return Related{
            ParseIds(absl::StrCat(field_, ".related.articles"), proto.related().articles(), "articles/*", violations_)};
      case v1::Block::kGate:
        return Read(proto.gate());
      case v1::Block::kLiveCoverage:
        return LiveCoverageBlock{ParseId(absl::StrCat(field_, ".live_coverage.live_coverage"),
                                         proto.live_coverage().live_coverage(), "liveCoverages/*", violations_)};
      case v1::Block::KIND_NOT_SET:
        break;
    }
    violations_.Add(field_, "has no kind that this server knows");
    return Divider();
  }

 private:
  RichText Read(const v1::RichText& proto) const { return ParseRichText(field_, proto, violations_); }

  std::vector<RichText> Read(const google::protobuf::RepeatedPtrField<v1::RichText>& proto) const {
    std::vector<RichText> texts;
    for (const v1::RichText& text : proto) texts.push_back(Read(text));
    return texts;
  }

  Gallery Read(const v1::Gallery& proto) const {
    Gallery gallery = {{}, proto.caption()};
    for (const v1::Image& image : proto.images()) gallery.images.push_back(ParseImage(image));
    return gallery;
  }

  Video Read(const v1::Video& proto) const {
    return {proto.uri(), proto.poster_uri(), proto.caption(), proto.credit(), proto.transcript()};
  }

  Audio Read(const v1::Audio& proto) const {
    return {proto.uri(), proto.title(), proto.duration_seconds(), proto.credit(), proto.transcript()};
  }

  Table Read(const v1::Table& proto) const {
    Table table = {{}, proto.has_header(), proto.caption()};
    for (const v1::TableRow& row : proto.rows()) table.rows.push_back(Read(row.cells()));
    return table;
  }

  GatedBlocks Read(const v1::Gate& proto) const {
    const std::string field = absl::StrCat(field_, ".gate");
    GatedBlocks gate;
    if (proto.audience() == v1::Gate::AUDIENCE_UNSPECIFIED)
      violations_.Add(absl::StrCat(field, ".audience"), "is required");
    gate.audience = ParseEnum<GatedBlocks::Audience>(absl::StrCat(field, ".audience"), proto.audience(), violations_)
                        .value_or(gate.audience);
    gate.plans = ParseNames(absl::StrCat(field, ".plans"), proto.plans(), "tiers/*", violations_);
    for (int i = 0; i < proto.blocks_size(); ++i) {
      const std::string inner = absl::StrCat(field, ".blocks[", i, "]");
      // Read no deeper: a gate within a gate is refused, however deep it goes on.
      if (proto.blocks(i).has_gate()) {
        violations_.Add(absl::StrCat(inner, ".gate"), "stands within a gate");
      } else {
        gate.blocks.push_back({proto.blocks(i).block_id(), BlockReader(inner, violations_).Read(proto.blocks(i))});
      }
    }
    return gate;
  }

  std::string field_;
  FieldViolations& violations_;
};

}  // namespace

v1::RichText ToProto(const RichText& rich) {
  v1::RichText proto;
  proto.set_text(rich.text);
  for (const Mark& mark : rich.marks) {
    v1::Mark& added = *proto.add_marks();
    added.set_start(mark.start);
    added.set_end(mark.end);
    added.set_kind(EnumToProto<v1::Mark::Kind>(mark.kind));
    added.set_href(mark.href);
  }
  return proto;
}

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
  proto.set_licence(image.licence);
  if (image.focal_point) {
    proto.mutable_focal_point()->set_x(image.focal_point->x);
    proto.mutable_focal_point()->set_y(image.focal_point->y);
  }
  return proto;
}

std::vector<Block> ParseBlocks(absl::string_view field, const google::protobuf::RepeatedPtrField<v1::Block>& blocks,
                               FieldViolations& violations) {
  std::vector<Block> parsed;
  for (int i = 0; i < blocks.size(); ++i) {
    const BlockReader reader(absl::StrCat(field, "[", i, "]"), violations);
    parsed.push_back({blocks[i].block_id(), reader.Read(blocks[i])});
  }
  return parsed;
}

Image ParseImage(const v1::Image& proto) {
  Image image = {.uri = proto.uri(),
                 .alt = proto.alt(),
                 .caption = proto.caption(),
                 .credit = proto.credit(),
                 .width = proto.width(),
                 .height = proto.height(),
                 .licence = proto.licence()};
  if (proto.has_focal_point()) image.focal_point = FocalPoint{proto.focal_point().x(), proto.focal_point().y()};
  return image;
}

RichText ParseRichText(absl::string_view field, const v1::RichText& proto, FieldViolations& violations) {
  RichText rich = {proto.text(), {}};
  for (const v1::Mark& mark : proto.marks()) {
    if (mark.kind() == v1::Mark::KIND_UNSPECIFIED) violations.Add(field, "has a mark without a kind");
    const auto kind = ParseEnum<Mark::Kind>(absl::StrCat(field, " mark.kind"), mark.kind(), violations);
    rich.marks.push_back({mark.start(), mark.end(), kind.value_or(Mark::Kind::kBold), mark.href()});
  }
  return rich;
}

}  // namespace masthead::articles

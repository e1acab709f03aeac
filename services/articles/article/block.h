// What the body of an article is made of. No HTML: text with marks, and a few kinds of things between.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace masthead::articles {

// A range of a text that is more than its characters. Offsets count Unicode code points.
struct Mark {
  enum class Kind { kBold, kItalic, kLink, kStrikethrough, kUnderline, kCode };

  int32_t start = 0;
  int32_t end = 0;
  Kind kind = Kind::kBold;
  std::string href;  // Of a kLink.

  bool operator==(const Mark&) const = default;
};

struct RichText {
  std::string text;
  std::vector<Mark> marks;

  bool operator==(const RichText&) const = default;
};

// In parts of an image's width and height, from its top left corner.
struct FocalPoint {
  double x = 0.5;
  double y = 0.5;

  bool operator==(const FocalPoint&) const = default;
};

struct Image {
  std::string uri;
  std::string alt;
  std::string caption;
  std::string credit;
  int32_t width = 0;   // In pixels; 0 if unknown.
  int32_t height = 0;  // As width.
  std::string licence;
  std::optional<FocalPoint> focal_point;  // The middle, if nobody said.

  bool operator==(const Image&) const = default;
};

struct Paragraph {
  RichText text;

  bool operator==(const Paragraph&) const = default;
};

struct Heading {
  RichText text;
  int32_t level = 2;

  bool operator==(const Heading&) const = default;
};

struct Quote {
  RichText text;
  std::string attribution;

  bool operator==(const Quote&) const = default;
};

struct List {
  std::vector<RichText> items;
  bool ordered = false;

  bool operator==(const List&) const = default;
};

struct Divider {
  bool operator==(const Divider&) const = default;
};

struct Embed {
  std::string uri;
  std::string provider;
  std::string fallback_text;

  bool operator==(const Embed&) const = default;
};

// Where the free preview ends. Never shown to readers.
struct PaywallMarker {
  bool operator==(const PaywallMarker&) const = default;
};

struct Gallery {
  std::vector<Image> images;
  std::string caption;

  bool operator==(const Gallery&) const = default;
};

struct Video {
  std::string uri;
  std::string poster_uri;
  std::string caption;
  std::string credit;
  std::string transcript;

  bool operator==(const Video&) const = default;
};

struct Audio {
  std::string uri;
  std::string title;
  int32_t duration_seconds = 0;  // 0 if unknown.
  std::string credit;
  std::string transcript;

  bool operator==(const Audio&) const = default;
};

// Repeats words of the article, and so is not counted as words.
struct PullQuote {
  RichText text;
  std::string attribution;

  bool operator==(const PullQuote&) const = default;
};

struct Table {
  std::vector<std::vector<RichText>> rows;
  bool has_header = false;
  std::string caption;

  bool operator==(const Table&) const = default;
};

struct Code {
  std::string text;
  std::string language;

  bool operator==(const Code&) const = default;
};

struct Button {
  std::string text;
  std::string href;

  bool operator==(const Button&) const = default;
};

struct Callout {
  RichText text;
  std::string title;

  bool operator==(const Callout&) const = default;
};

// The one kind whose meaning is left to its author: only the trusted may write it, and it stays out of feeds and mail.
struct RawHtml {
  std::string html;

  bool operator==(const RawHtml&) const = default;
};

struct Related {
  std::vector<std::string> article_ids;

  bool operator==(const Related&) const = default;
};

struct Block;

// Blocks that only some readers get, whatever the article's own access is. Holds no gates and no paywall markers.
struct GatedBlocks {
  enum class Audience { kNonMembers, kRegistered, kMembers, kPlans };

  Audience audience = Audience::kMembers;
  std::vector<std::string> plans;  // `tiers/{tier}`, for kPlans.
  std::vector<Block> blocks;

  bool operator==(const GatedBlocks&) const;
};

struct LiveCoverageBlock {
  std::string live_coverage_id;

  bool operator==(const LiveCoverageBlock&) const = default;
};

struct Block {
  using Kind =
      std::variant<Paragraph, Heading, Image, Quote, List, Divider, Embed, PaywallMarker, Gallery, Video, Audio,
                   PullQuote, Table, Code, Button, Callout, RawHtml, Related, GatedBlocks, LiveCoverageBlock>;

  std::string id;
  Kind kind;

  bool operator==(const Block&) const = default;
};

inline bool GatedBlocks::operator==(const GatedBlocks&) const = default;

}  // namespace masthead::articles

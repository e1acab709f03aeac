// What the body of an article is made of. No HTML: text with marks, and a few kinds of things between.
#pragma once

#include <cstdint>
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

struct Image {
  std::string uri;
  std::string alt;
  std::string caption;
  std::string credit;
  int32_t width = 0;
  int32_t height = 0;

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

struct Block {
  using Kind = std::variant<Paragraph, Heading, Image, Quote, List, Divider, Embed, PaywallMarker>;

  std::string id;
  Kind kind;

  bool operator==(const Block&) const = default;
};

}  // namespace masthead::articles

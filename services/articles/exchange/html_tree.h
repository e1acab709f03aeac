// HTML as the HTML5 parsing algorithm understands it: whatever bytes come, a tree comes out that a browser would make
// too.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::articles {

struct HtmlNode {
  enum class Kind { kElement, kText, kComment };

  Kind kind = Kind::kElement;
  std::string name;  // Of an element, in lower case.
  std::vector<std::pair<std::string, std::string>> attributes;
  std::string text;  // Of a text or a comment, entities resolved.
  std::vector<HtmlNode> children;

  // Empty if it has none of that name.
  absl::string_view Attribute(absl::string_view attribute) const;
  bool HasClass(absl::string_view wanted) const;
  bool Is(absl::string_view element) const { return kind == Kind::kElement && name == element; }
};

inline constexpr size_t kMaxHtmlBytes = size_t{2} << 20;

// The nodes of a piece of HTML that stands in a body, below a node without a name. What a page of its own would be,
// loses its head. Costs at most some 64 MiB and about a second: RESOURCE_EXHAUSTED for what is longer than
// kMaxHtmlBytes, nests deeper than texts do, or would cost more.
absl::StatusOr<HtmlNode> ParseHtml(absl::string_view html);

}  // namespace masthead::articles

#include "services/articles/article/graphemes.h"

#include <utf8proc.h>

#include "common/text/characters.h"

namespace masthead::articles {

std::vector<bool> GraphemeEdges(absl::string_view utf8) {
  std::vector<bool> edges;
  utf8proc_int32_t before = 0;
  utf8proc_int32_t state = 0;  // What must be remembered of the grapheme so far: flags come in pairs.
  while (!utf8.empty()) {
    const auto c = static_cast<utf8proc_int32_t>(text::TakeCodePoint(utf8));
    edges.push_back(edges.empty() || utf8proc_grapheme_break_stateful(before, c, &state));
    before = c;
  }
  edges.push_back(true);
  return edges;
}

}  // namespace masthead::articles

// Which article stands where in a list: pins where they are pinned, the rest around them, each article once.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "services/articles/curation/curated_list.h"

namespace masthead::articles {

struct PlacedArticle {
  int32_t position = 0;
  std::string article_id;
  bool pinned = false;

  bool operator==(const PlacedArticle&) const = default;
};

// Puts each of `pins` at its very position, and of `candidates`, in order, the next one wherever none is; at most
// `limit` positions. Nothing in `seen` is taken, nothing is taken twice, and what is taken is added to `seen`: the list
// that comes first has the article. A pin that is left out moves no other; its position goes to a candidate. By rising
// position; positions for which there are no candidates are left out.
std::vector<PlacedArticle> Resolve(const std::vector<Slot>& pins, const std::vector<std::string>& candidates,
                                   int32_t limit, std::set<std::string>& seen);

}  // namespace masthead::articles

#include "services/articles/curation/resolution.h"

#include <map>
#include <utility>

namespace masthead::articles {

std::vector<PlacedArticle> Resolve(const std::vector<Slot>& pins, const std::vector<std::string>& candidates,
                                   int32_t limit, std::set<std::string>& seen) {
  std::map<int32_t, PlacedArticle> placed;
  for (const Slot& pin : pins) {
    if (pin.position < 1 || pin.position > limit || placed.count(pin.position) > 0) continue;
    if (!seen.insert(pin.article_id).second) continue;
    placed[pin.position] = {pin.position, pin.article_id, true};
  }
  auto candidate = candidates.begin();
  for (int32_t position = 1; position <= limit; ++position) {
    if (placed.count(position) > 0) continue;
    while (candidate != candidates.end() && !seen.insert(*candidate).second) ++candidate;
    if (candidate == candidates.end()) break;
    placed[position] = {position, *candidate++, false};
  }
  std::vector<PlacedArticle> list;
  for (auto& [position, article] : placed) list.push_back(std::move(article));
  return list;
}

}  // namespace masthead::articles

// Adding and taking away tags, whatever an article has.
#pragma once

#include <string>
#include <vector>

namespace masthead::articles {

struct TagEdit {
  std::vector<std::string> add;  // Tag IDs.
  std::vector<std::string> remove;

  bool empty() const { return add.empty() && remove.empty(); }
};

// `tag_ids` without what is removed, and then what is added and is not there yet, in that order: the first that remains
// stays the primary tag.
std::vector<std::string> Apply(const TagEdit& edit, const std::vector<std::string>& tag_ids);

}  // namespace masthead::articles

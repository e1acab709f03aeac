// What changed from one revision to another.
#pragma once

#include <string>
#include <vector>

#include "services/articles/article/block.h"

namespace masthead::articles {

struct BlockChange {
  enum class Kind { kAdded, kRemoved, kChanged, kMoved };

  Kind kind = Kind::kChanged;
  std::string block_id;
  const Block* before = nullptr;  // Null if it was added.
  const Block* after = nullptr;   // Null if it was removed.
  int before_index = -1;
  int after_index = -1;
};

// Blocks are the same by their IDs. In the order of `after`, with what was removed where it stood; a block that was
// changed and moved comes once with each. As few blocks as possible count as moved. The pointers are into the
// arguments.
std::vector<BlockChange> DiffBlocks(const std::vector<Block>& before, const std::vector<Block>& after);

}  // namespace masthead::articles

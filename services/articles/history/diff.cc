#include "services/articles/history/diff.h"

#include <algorithm>
#include <set>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace masthead::articles {
namespace {

using Positions = absl::flat_hash_map<absl::string_view, int>;

Positions PositionsOf(const std::vector<Block>& body) {
  Positions positions;
  for (size_t i = 0; i < body.size(); ++i) positions.emplace(body[i].id, static_cast<int>(i));
  return positions;
}

// The values of a longest rising subsequence.
std::set<int> LongestRise(const std::vector<int>& values) {
  std::vector<size_t> tails;  // tails[n]: where the rise of n + 1 values ends that ends lowest.
  std::vector<int> previous(values.size(), -1);
  for (size_t i = 0; i < values.size(); ++i) {
    const auto tail = std::lower_bound(tails.begin(), tails.end(), values[i],
                                       [&](size_t index, int value) { return values[index] < value; });
    if (tail != tails.begin()) previous[i] = static_cast<int>(*std::prev(tail));
    if (tail == tails.end()) {
      tails.push_back(i);
    } else {
      *tail = i;
    }
  }
  std::set<int> rise;
  for (int i = tails.empty() ? -1 : static_cast<int>(tails.back()); i >= 0; i = previous[i]) rise.insert(values[i]);
  return rise;
}

// Where the blocks that both bodies have stood before, as far as they kept their order.
std::set<int> Unmoved(const Positions& before, const std::vector<Block>& after) {
  std::vector<int> former;
  for (const Block& block : after) {
    const auto found = before.find(block.id);
    if (found != before.end()) former.push_back(found->second);
  }
  return LongestRise(former);
}

}  // namespace

std::vector<BlockChange> DiffBlocks(const std::vector<Block>& before, const std::vector<Block>& after) {
  using Kind = BlockChange::Kind;
  const Positions before_positions = PositionsOf(before);
  const Positions after_positions = PositionsOf(after);
  const std::set<int> unmoved = Unmoved(before_positions, after);
  std::vector<BlockChange> changes;
  size_t next_before = 0;
  const auto add_removed_until = [&](size_t end) {
    for (; next_before < end; ++next_before) {
      const Block& block = before[next_before];
      if (after_positions.contains(block.id)) continue;
      changes.push_back({Kind::kRemoved, block.id, &block, nullptr, static_cast<int>(next_before), -1});
    }
  };
  for (size_t i = 0; i < after.size(); ++i) {
    const Block& block = after[i];
    const int after_index = static_cast<int>(i);
    const auto found = before_positions.find(block.id);
    if (found == before_positions.end()) {
      changes.push_back({Kind::kAdded, block.id, nullptr, &block, -1, after_index});
      continue;
    }
    const int before_index = found->second;
    const bool moved = unmoved.count(before_index) == 0;
    if (!moved) add_removed_until(before_index);
    const Block& former = before[before_index];
    if (moved) changes.push_back({Kind::kMoved, block.id, &former, &block, before_index, after_index});
    if (former.kind != block.kind) {
      changes.push_back({Kind::kChanged, block.id, &former, &block, before_index, after_index});
    }
  }
  add_removed_until(before.size());
  return changes;
}

}  // namespace masthead::articles

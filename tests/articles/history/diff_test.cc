#include "services/articles/history/diff.h"

#include <algorithm>
#include <iostream>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Block Text(const std::string& id, const std::string& text) { return {id, Paragraph{{text, {}}}}; }

std::vector<Block> Body(const std::string& ids) {
  std::vector<Block> body;
  for (char id : ids) body.push_back(Text(std::string(1, id), "text"));
  return body;
}

// "+x" added, "-x" removed, "~x" changed, ">x" moved.
std::vector<std::string> Words(const std::vector<BlockChange>& changes) {
  std::vector<std::string> words;
  for (const BlockChange& change : changes) {
    words.push_back(absl::StrCat(std::string(1, "+-~>"[static_cast<int>(change.kind)]), change.block_id));
  }
  return words;
}

std::vector<std::string> Diff(const std::string& before, const std::string& after) {
  const std::vector<Block> a = Body(before);
  const std::vector<Block> b = Body(after);
  return Words(DiffBlocks(a, b));
}

TEST(Diff, NamesWhatWasAddedAndRemovedWhereItHappened) {
  EXPECT_THAT(Diff("abc", "abc"), IsEmpty());
  EXPECT_THAT(Diff("", "ab"), ElementsAre("+a", "+b"));
  EXPECT_THAT(Diff("ab", ""), ElementsAre("-a", "-b"));
  EXPECT_THAT(Diff("abc", "axc"), ElementsAre("+x", "-b"));
}

TEST(Diff, CallsAsFewBlocksMovedAsPossible) {
  EXPECT_THAT(Diff("abcde", "bcdea"), ElementsAre(">a"));
  EXPECT_THAT(Diff("abcde", "eabcd"), ElementsAre(">e"));
}

TEST(Diff, KnowsABlockByItsIdWhateverItBecame) {
  const std::vector<Block> before = {Text("a", "one"), Text("b", "two")};
  const std::vector<Block> after = {Text("b", "two"), {"a", Heading{{"one", {}}, 2}}};
  const std::vector<BlockChange> changes = DiffBlocks(before, after);
  EXPECT_THAT(Words(changes), ::testing::AnyOf(ElementsAre(">a", "~a"), ElementsAre(">b", "~a")));
  EXPECT_EQ(changes.back().before, &before[0]);
  EXPECT_EQ(changes.back().after, &after[1]);
}

// What the changes say, done to `before`, gives `after`.
std::vector<std::string> Apply(const std::vector<Block>& before, const std::vector<BlockChange>& changes, size_t size) {
  std::vector<std::string> result(size);
  std::vector<std::string> kept;
  for (const Block& block : before) kept.push_back(block.id);
  for (const BlockChange& change : changes) {
    if (change.kind == BlockChange::Kind::kChanged) continue;
    if (change.before != nullptr) kept.erase(std::find(kept.begin(), kept.end(), change.block_id));
    if (change.after != nullptr) result[change.after_index] = change.block_id;
  }
  size_t next = 0;
  for (std::string& id : result) {
    if (id.empty()) id = kept.at(next++);
  }
  EXPECT_EQ(next, kept.size());
  return result;
}

TEST(Diff, LeadsFromTheOneBodyToTheOther) {
  const unsigned seed = std::random_device()();
  std::cout << "seed " << seed << "\n";
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    std::string pool = "abcdefghijklmnop";
    std::shuffle(pool.begin(), pool.end(), random);
    const std::vector<Block> before = Body(pool.substr(0, random() % pool.size()));
    std::shuffle(pool.begin(), pool.end(), random);
    const std::vector<Block> after = Body(pool.substr(0, random() % pool.size()));
    std::vector<std::string> expected;
    for (const Block& block : after) expected.push_back(block.id);
    ASSERT_EQ(Apply(before, DiffBlocks(before, after), after.size()), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace masthead::articles

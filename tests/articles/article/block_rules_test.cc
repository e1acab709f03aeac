#include "services/articles/article/block_rules.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/articles/article/text_rules.h"
#include "tests/articles/article/violations.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Violations(std::vector<Block> body) {
  FieldViolations violations;
  CheckBody("article.body", body, violations);
  return violations.empty() ? std::vector<std::string>() : FieldsOf(violations);
}

Block Text(const std::string& text, std::vector<Mark> marks = {}) { return {"", Paragraph{{text, std::move(marks)}}}; }

TEST(Marks, CountCodePoints) {
  EXPECT_THAT(Violations({Text("Київ 🇺🇦", {{0, 4, Mark::Kind::kBold, ""}})}), IsEmpty());
  EXPECT_THAT(Violations({Text("Київ", {{0, 5, Mark::Kind::kBold, ""}})}),
              ElementsAre("article.body[0].paragraph.text.marks[0]"));
}

TEST(Marks, DoNotCutACharacterInTwo) {
  // A flag is two code points, a family many, an accent without a precomposed letter one more: all one character each.
  EXPECT_THAT(Violations({Text("🇺🇦!", {{0, 2, Mark::Kind::kBold, ""}})}), IsEmpty());
  EXPECT_THAT(Violations({Text("🇺🇦!", {{0, 1, Mark::Kind::kBold, ""}})}),
              ElementsAre("article.body[0].paragraph.text.marks[0]"));
  EXPECT_THAT(Violations({Text("👩‍👩‍👧 ok", {{3, 5, Mark::Kind::kBold, ""}})}),
              ElementsAre("article.body[0].paragraph.text.marks[0]"));
  EXPECT_THAT(Violations({Text("за́мок", {{0, 2, Mark::Kind::kBold, ""}})}),
              ElementsAre("article.body[0].paragraph.text.marks[0]"));
}

TEST(Marks, AreRefusedOnTextThatNormalisationShifts) {
  EXPECT_THAT(Violations({Text("Ки\u0457в", {{0, 2, Mark::Kind::kBold, ""}})}), IsEmpty());
  EXPECT_THAT(Violations({Text("Ки\u0456\u0308в", {{0, 2, Mark::Kind::kBold, ""}})}),
              ElementsAre("article.body[0].paragraph.text.text"));
}

TEST(Links, LeadOnlyWhereReadersMayGo) {
  for (const char* href : {"https://kyivindependent.com/a?b=c#d", "http://x.org", "mailto:desk@x.org",
                           "tel:+380441234567", "HTTPS://X.org"}) {
    EXPECT_TRUE(IsLinkTarget(href)) << href;
  }
  for (const char* href : {"", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//x.org", "/relative",
                           "https://", "https:///x", "https://x.org/a b", "java\nscript:x",
                           "mailto:", "file:///etc/passwd", "https:x.org", "vbscript:x"}) {
    EXPECT_FALSE(IsLinkTarget(href)) << href;
  }
}

TEST(Body, TellsEverythingThatIsWrong) {
  std::vector<Block> body = {
      Text(""),      {"same", Heading{{"x", {}}, 1}}, {"same", Divider{}},   {"bad id", Embed{"http://x.org", "", ""}},
      {"", Image{}}, {"", PaywallMarker{}},           {"", PaywallMarker{}}, Text(std::string("a\0b", 3))};

  EXPECT_THAT(Violations(body), ElementsAre("article.body[0].paragraph.text.text", "article.body[1].heading.level",
                                            "article.body[2].block_id", "article.body[3].block_id",
                                            "article.body[3].embed.uri", "article.body[4].image.uri",
                                            "article.body[6].paywall_marker", "article.body[7].paragraph.text.text"));
}

TEST(Body, HasAtMost2000Blocks) {
  EXPECT_THAT(Violations(std::vector<Block>(2000, Block{"", Divider{}})), IsEmpty());
  EXPECT_THAT(Violations(std::vector<Block>(2001, Block{"", Divider{}})), ElementsAre("article.body"));
}

TEST(Body, LosesBidirectionalOverrides) {
  std::vector<Block> body = {Text("a\u202Eb\u2066c")};
  FieldViolations violations;

  CheckBody("article.body", body, violations);

  EXPECT_EQ(std::get<Paragraph>(body[0].kind).text.text, "abc");
}

TEST(Blocks, KeepTheirNamesWhenSentWithout) {
  const std::vector<Block> before = {
      {"a", Paragraph{{"one", {}}}}, {"b", Paragraph{{"two", {}}}}, {"c", Paragraph{{"one", {}}}}};
  std::vector<Block> after = {Text("new"), Text("two"), Text("one"), Text("one"), Text("one")};

  int made = 0;
  NameBlocks(before, after, [&] { return "n" + std::to_string(++made); });

  std::vector<std::string> ids;
  for (const Block& block : after) ids.push_back(block.id);
  EXPECT_THAT(ids, ElementsAre("n1", "b", "a", "c", "n2"));
}

TEST(Blocks, KeepTheirNamesInGates) {
  const auto gate = [](const std::string& id, const std::string& inner, const std::string& text) {
    return Block{id, GatedBlocks{GatedBlocks::Audience::kMembers, {}, {{inner, Paragraph{{text, {}}}}}}};
  };
  const std::vector<Block> before = {gate("g", "p", "one")};
  int made = 0;
  const auto new_id = [&] { return "n" + std::to_string(++made); };

  std::vector<Block> same = {gate("", "", "one")};
  NameBlocks(before, same, new_id);
  EXPECT_EQ(same, before);

  std::vector<Block> changed = {gate("", "", "two")};
  NameBlocks(before, changed, new_id);
  EXPECT_EQ(changed, (std::vector<Block>{gate("n1", "n2", "two")}));
}

}  // namespace
}  // namespace masthead::articles

#include "services/articles/article/words.h"

#include "gtest/gtest.h"

namespace masthead::articles {
namespace {

TEST(CountWords, CountsInAnyScript) {
  EXPECT_EQ(CountWords(""), 0);
  EXPECT_EQ(CountWords(" — …! "), 0);
  EXPECT_EQ(CountWords("Glory to Ukraine"), 3);
  EXPECT_EQ(CountWords("П'ять пам’ятників і за́мок"), 4);
  EXPECT_EQ(CountWords("don't state-of-the-art 2,500 m²"), 5);
}

TEST(CountWords, CountsWhatReadersSee) {
  Content content;
  content.headline = "Two words";
  content.dek = "And three more";
  content.body = {{"a", Paragraph{{"One two three.", {}}}},
                  {"b", List{{{"four five", {}}, {"six", {}}}, false}},
                  {"c", Image{.uri = "https://x.org/a.jpg", .alt = "not counted", .caption = "seven"}},
                  {"d", PaywallMarker{}},
                  {"e", PullQuote{{"One two three.", {}}, ""}},
                  {"f", Table{{{{"eight", {}}, {"nine", {}}}}, false, "ten"}},
                  {"g", Callout{{"eleven", {}}, "twelve"}},
                  {"h", Video{"https://x.org/v", "", "thirteen", "no credit", "no transcript"}},
                  {"i", RawHtml{"<p>no words</p>"}},
                  {"j", GatedBlocks{GatedBlocks::Audience::kMembers, {}, {{"k", Paragraph{{"fourteen", {}}}}}}},
                  {"l", GatedBlocks{GatedBlocks::Audience::kNonMembers, {}, {{"m", Paragraph{{"Join us!", {}}}}}}}};

  EXPECT_EQ(CountWords(content), 2 + 3 + 14);
}

TEST(ReadingSeconds, RoundsUp) {
  EXPECT_EQ(ReadingSeconds(0), 0);
  EXPECT_EQ(ReadingSeconds(1), 1);
  EXPECT_EQ(ReadingSeconds(220), 60);
}

}  // namespace
}  // namespace masthead::articles

#include "services/articles/indexing/search_document.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"

namespace masthead::articles {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Content Story() {
  Content content;
  content.headline = "War reporters";
  content.dek = "What they saw";
  content.body.push_back({"1", Paragraph{{"The war goes on.", {}}}});
  content.body.push_back({"2", PullQuote{{"Repeated", {}}, ""}});
  return content;
}

TEST(SearchDocument, WeighsHeadlineAboveDekAboveNamesAboveBody) {
  const std::string document = MakeSearchDocument(Story(), {"Energy desk"}, "en");
  EXPECT_THAT(document,
              AllOf(HasSubstr("'war':1A,"), HasSubstr("'report':2A"), HasSubstr("'saw':"), HasSubstr("'energi':"),
                    HasSubstr("'goe'"), Not(HasSubstr("'the'")), Not(HasSubstr("repeat"))));
  EXPECT_THAT(document, ::testing::ContainsRegex("'saw':[0-9]+B"));
  EXPECT_THAT(document, ::testing::ContainsRegex("'energi':[0-9]+C"));
}

TEST(SearchDocument, LeavesAPlaceForWordsThatAreEverywhere) {
  Content content;
  content.headline = "end of the war";
  EXPECT_THAT(MakeSearchDocument(content, {}, "en"), AllOf(HasSubstr("'end':1A"), HasSubstr("'war':4A")));
}

TEST(SearchDocument, KeepsPhrasesWithinATextApart) {
  Content content;
  content.headline = "war";
  content.dek = "peace";
  EXPECT_THAT(MakeSearchDocument(content, {}, "en"), AllOf(HasSubstr("'war':1A"), Not(HasSubstr("'peac':2B"))));
}

TEST(SearchDocument, QuotesWhatPostgresWouldRead) {
  Content content;
  content.headline = "it's o'brien";
  EXPECT_THAT(MakeSearchDocument(content, {}, "pl"), AllOf(HasSubstr("'it''s':1A"), HasSubstr("'o''brien':2A")));
}

TEST(SearchDocument, StaysBelowTheLimitsOfPostgres) {
  Content content;
  std::string different;
  for (int i = 0; i < 150'000; ++i) absl::StrAppend(&different, "слово", i, " ");
  content.body.push_back({"1", Paragraph{{different, {}}}});
  const std::string document = MakeSearchDocument(content, {}, "uk");
  EXPECT_LT(document.size(), 2 * kMaxDocumentBytes);
  EXPECT_THAT(document, AllOf(HasSubstr("'слово0':"), Not(HasSubstr("'слово100000':"))));

  std::string same;
  for (int i = 0; i < 150'000; ++i) same += "war ";
  content.body = {{"1", Paragraph{{same, {}}}}};
  EXPECT_LT(MakeSearchDocument(content, {}, "en").size(), 2000U);
}

}  // namespace
}  // namespace masthead::articles

#include "services/articles/search/search_query.h"

#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::UnorderedElementsAre;

std::string Parse(absl::string_view text, const QueryOptions& options = {.language_code = "en"}) {
  const absl::StatusOr<SearchQuery> query = ParseSearchQuery(text, options);
  EXPECT_THAT(query, IsOk()) << text;
  return query.ok() ? query->tsquery : "";
}

TEST(SearchQuery, ReadsWhatPeopleType) {
  EXPECT_EQ(Parse("war reporters"), "((('war')) & (('report')))");
  EXPECT_EQ(Parse("war -reporters"), "((('war')) & !(('report')))");
  EXPECT_EQ(Parse("war OR peace talks"), "((('war'))) | ((('peac')) & (('talk')))");
  EXPECT_EQ(Parse("\"war reporters\""), "((('war') <1> ('report')))");
  EXPECT_EQ(Parse("“war reporters” «war»"), "((('war') <1> ('report')) & (('war')))");
  EXPECT_EQ(Parse("\"end of the war\""), "((('end') <3> ('war')))");
  EXPECT_EQ(Parse("F-16"), "((('f') <1> ('16')))");
  EXPECT_EQ(Parse("\"not closed"), "((('close')))");
  EXPECT_EQ(Parse("war - peace"), Parse("war peace"));
  EXPECT_EQ(Parse("or and war"), "((('war')))");
}

TEST(SearchQuery, LooksForEachAnalysisWhereTheLanguageIsNotGiven) {
  EXPECT_EQ(Parse("reporters", {}), "((('report' | 'reporters')))");
  EXPECT_EQ(Parse("reporters", {.language_code = "pl"}), "((('reporters')))");
}

TEST(SearchQuery, TakesTheLastWordForABeginning) {
  const QueryOptions typing = {.language_code = "en", .last_word_is_prefix = true};
  EXPECT_EQ(Parse("war reporters", typing), "((('war')) & (('report' | 'reporters':*)))");
  EXPECT_EQ(Parse("war re", typing), "((('war')) & (('re')))");
  EXPECT_EQ(Parse("\"war reporters\"", typing), "((('war') <1> ('report')))");
  EXPECT_EQ(Parse("war -reporters", typing), "((('war')) & !(('report')))");
}

TEST(SearchQuery, LetsNothingThroughUnquoted) {
  EXPECT_EQ(Parse("a'b:* | !x <-> (y) & z\\", {.language_code = "pl"}), "((('a''b')) & (('x')) & (('y')) & (('z')))");
  EXPECT_EQ(Parse("x:*A", {.language_code = "pl"}), "((('x') <1> ('a')))");
}

TEST(SearchQuery, KnowsWhatToPointOut) {
  const absl::StatusOr<SearchQuery> query =
      ParseSearchQuery("war -peace reporters", {.language_code = "en", .last_word_is_prefix = true});
  ASSERT_THAT(query, IsOk());
  EXPECT_THAT(query->lexemes, UnorderedElementsAre("war", "report"));
  EXPECT_EQ(query->prefix, "reporters");
}

TEST(SearchQuery, IsEmptyWithoutAWordToLookFor) {
  for (const char* text : {"", "  ", "the", "the and of", "і та що", "-war", "\"\"", "!?", "OR", "war OR the", "OR war",
                           "war OR -peace", "-\"war on\""}) {
    EXPECT_THAT(ParseSearchQuery(text, {}), StatusIs(absl::StatusCode::kInvalidArgument, "QUERY_EMPTY")) << text;
  }
}

TEST(SearchQuery, HasALimitOfWords) {
  std::string words = "word";
  for (size_t i = 1; i < kMaxQueryWords; ++i) words += " word";
  EXPECT_THAT(ParseSearchQuery(words, {}), IsOk());
  EXPECT_THAT(ParseSearchQuery(words + " word", {}), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace masthead::articles

#include "services/articles/search/snippet.h"

#include "absl/strings/str_cat.h"
#include "common/text/characters.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SnippetTest : public ::testing::Test {
 protected:
  SnippetTest() {
    live_.article.language_code = "uk";
    live_.article.content.headline = "Заголовок";
  }

  void Add(const std::string& text) { live_.article.content.body.push_back({"b", Paragraph{{text, {}}}}); }

  Snippet Make(const std::string& query) {
    const absl::StatusOr<SearchQuery> parsed = ParseSearchQuery(query, {});
    EXPECT_THAT(parsed, masthead::testing::IsOk());
    return MakeSnippet(Gate::OpenForOthers(live_), *parsed);
  }

  // What the snippet points out.
  static std::vector<std::string> Matches(const Snippet& snippet) {
    std::vector<std::string> words;
    for (const Snippet::Range& range : snippet.matches) {
      const absl::string_view until_end = text::FirstCodePoints(snippet.text, range.end);
      words.emplace_back(until_end.substr(text::FirstCodePoints(snippet.text, range.start).size()));
    }
    return words;
  }

  LiveArticle live_;
};

TEST_F(SnippetTest, PointsOutEveryFormOfAWord) {
  Add("Про погоду.");
  Add("У Києві 😀 стався за́мок, а поїзд до Києва запізнився.");
  const Snippet snippet = Make("київ замки");
  EXPECT_EQ(snippet.text, "У Києві 😀 стався за́мок, а поїзд до Києва запізнився.");
  EXPECT_THAT(Matches(snippet), ElementsAre("Києві", "за́мок", "Києва"));
}

TEST_F(SnippetTest, PrefersThePlaceWithMostOfTheWords) {
  Add("Президент поїхав.");
  Add("Президент підписав закон.");
  EXPECT_EQ(Make("закон президент").text, "Президент підписав закон.");
}

TEST_F(SnippetTest, CutsAtWordsAndStaysShort) {
  std::string text;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&text, "слово", i, " ");
  absl::StrAppend(&text, "ракета ");
  for (int i = 0; i < 100; ++i) absl::StrAppend(&text, "інше", i, " ");
  Add(text);
  const Snippet snippet = Make("ракети");
  EXPECT_LE(text::CodePoints(snippet.text), kMaxSnippetCodePoints + 2);
  EXPECT_THAT(snippet.text, ::testing::StartsWith("…слово9"));
  EXPECT_THAT(snippet.text, ::testing::EndsWith("…"));
  EXPECT_THAT(Matches(snippet), ElementsAre("ракета"));
}

TEST_F(SnippetTest, SaysNothingOfHiddenText) {
  live_.article.content.access.level = Access::Level::kPlans;
  live_.article.content.access.preview_paragraphs = 1;
  Add("Перший абзац видно.");
  Add("Далі прихована ракета.");
  const Snippet snippet = Make("ракета");
  EXPECT_EQ(snippet.text, "Перший абзац видно.");
  EXPECT_THAT(snippet.matches, IsEmpty());
  EXPECT_THAT(Make("ракета абзац").text, Not(HasSubstr("ракета")));
}

}  // namespace
}  // namespace masthead::articles

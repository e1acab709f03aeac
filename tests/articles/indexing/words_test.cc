#include "services/articles/indexing/words.h"

#include "gmock/gmock.h"
#include "services/articles/indexing/lexemes.h"

namespace masthead::articles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Folded(absl::string_view text) {
  std::vector<std::string> folded;
  for (const Word& word : SplitWords(text)) folded.push_back(word.folded);
  return folded;
}

TEST(SplitWords, KeepsAnApostropheHoweverItWasTyped) {
  for (const char* text : {"п'ять", "п’ять", "п`ять", "пʼять", "П'ЯТЬ"})
    EXPECT_THAT(Folded(text), ElementsAre("пʼять"));
  EXPECT_THAT(Folded("‘п'ять’ 'слів'"), ElementsAre("пʼять", "слів"));
  EXPECT_THAT(Folded("don’t Ukraine’s"), ElementsAre("don't", "ukraine's"));
  EXPECT_THAT(Folded("'' ' 5' 'a"), ElementsAre("5", "a"));
}

TEST(SplitWords, StripsStressAndFoldsLetters) {
  EXPECT_THAT(Folded("за́мок ЗАМОК"), ElementsAre("замок", "замок"));
  EXPECT_THAT(Folded("ґанок Ґ йод її єдність ёж"), ElementsAre("ганок", "г", "йод", "її", "єдність", "еж"));
  EXPECT_THAT(Folded("КИЇВ Їжак Café naïve"), ElementsAre("київ", "їжак", "cafe", "naive"));
  EXPECT_THAT(Folded("пере\u00ADнос zero\u200Bwidth"), ElementsAre("перенос", "zerowidth"));
}

TEST(SplitWords, TakesLettersAndDigitsAndNothingElse) {
  EXPECT_THAT(Folded("F-16, 5G — «Шахед»! e-mail"), ElementsAre("f", "16", "5g", "шахед", "e", "mail"));
  EXPECT_THAT(Folded("… — !? \n"), IsEmpty());
  EXPECT_THAT(Folded(""), IsEmpty());
  EXPECT_THAT(Folded(std::string(101, 'x') + " short"), ElementsAre("short"));
}

TEST(SplitWords, SaysWhereAWordStands) {
  const std::string text = "«За́мок» упав";
  const std::vector<Word> words = SplitWords(text);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(text.substr(words[0].begin, words[0].end - words[0].begin), "За́мок");
  EXPECT_EQ(text.substr(words[1].begin, words[1].end - words[1].begin), "упав");
}

TEST(Lexemes, GoByScriptInUkrainianAndEnglish) {
  for (const char* language : {"uk", "en", "en-GB"}) {
    EXPECT_EQ(LexemeOf("reporters", AnalysisOf(language)), "report");
    EXPECT_EQ(LexemeOf("українських", AnalysisOf(language)), LexemeOf("український", AnalysisOf(language)));
    EXPECT_EQ(LexemeOf("the", AnalysisOf(language)), "");
    EXPECT_EQ(LexemeOf("та", AnalysisOf(language)), "");
  }
  EXPECT_EQ(LexemeOf("reporters", AnalysisOf("pl")), "reporters");
  EXPECT_THAT(LexemesOf("reporters"), ElementsAre("report", "reporters"));
  EXPECT_THAT(LexemesOf("f16"), ElementsAre("f16"));
  EXPECT_THAT(LexemesOf("the"), IsEmpty());
}

}  // namespace
}  // namespace masthead::articles

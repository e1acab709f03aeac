#include "common/text/characters.h"

#include <string>

#include "common/text/text.h"
#include "gtest/gtest.h"

namespace masthead::text {
namespace {

TEST(TakeCodePoint, WalksOverEveryLengthOfUtf8AndBackAgain) {
  const std::string news = "aїЄ€📰\u0301";
  std::string again;
  int64_t taken = 0;
  for (absl::string_view rest = news; !rest.empty(); ++taken) AppendCodePoint(TakeCodePoint(rest), again);
  EXPECT_EQ(again, news);
  EXPECT_EQ(taken, CodePoints(news));
}

TEST(TakeCodePoint, TakesAByteThatBeginsNothingForTheReplacementCharacter) {
  for (absl::string_view broken : {"\xFF", "\xC3", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC0\x80"}) {
    const size_t size = broken.size();
    EXPECT_EQ(TakeCodePoint(broken), U'\uFFFD');
    EXPECT_EQ(broken.size(), size - 1);
  }
}

TEST(FirstCodePoints, CutsBetweenCharactersNotBytes) {
  EXPECT_EQ(FirstCodePoints("Київ", 2), "Ки");
  EXPECT_EQ(FirstCodePoints("Київ", 4), "Київ");
  EXPECT_EQ(FirstCodePoints("Київ", 5), "Київ");
  EXPECT_EQ(FirstCodePoints("Київ", 0), "");
}

TEST(Categories, KnowUkrainianAndWhatStandsBetweenItsWords) {
  for (char32_t letter : {U'ї', U'Ґ', U'я', U'z', U'é', U'ʼ', U'中'}) EXPECT_TRUE(IsLetter(letter));
  for (char32_t other : {U'\'', U'’', U'-', U'7', U'№', U'\u0301', U'📰'}) EXPECT_FALSE(IsLetter(other));
  EXPECT_TRUE(IsDigit(U'7'));
  EXPECT_FALSE(IsDigit(U'½'));
  EXPECT_TRUE(IsMark(U'\u0301'));
  for (char32_t space : {U' ', U'\n', U'\u0085', U'\u00A0', U'\u2009', U'\u2028', U'\u3000'})
    EXPECT_TRUE(IsWhiteSpace(space));
  for (char32_t other : {U'\u200B', U'\u2060', U'\u180E', U'a', U'\0'}) EXPECT_FALSE(IsWhiteSpace(other));
  for (char32_t unseen : {U'\0', U'\u200B', U'\uE000', U'\U000E0041', U'\u0378'}) EXPECT_TRUE(IsInvisible(unseen));
  EXPECT_FALSE(IsInvisible(U'ї'));
}

TEST(ToLower, FoldsCyrillic) {
  EXPECT_EQ(ToLower("КИЇВ, ҐАНОК І ЄВРОПА"), "київ, ґанок і європа");
  EXPECT_EQ(ToLower("ÉTÉ"), "été");
  EXPECT_EQ(ToLower("ΟΔΟΣ"), "οδοσ");
}

TEST(WithoutDiacritics, LeavesTheLetterBelow) {
  EXPECT_EQ(WithoutDiacritics(U'é'), U'e');
  EXPECT_EQ(WithoutDiacritics(U'ệ'), U'e');
  EXPECT_EQ(WithoutDiacritics(U'ї'), U'і');
  EXPECT_EQ(WithoutDiacritics(U'ł'), U'ł');
  EXPECT_EQ(WithoutDiacritics(U'各'), U'各');
}

}  // namespace
}  // namespace masthead::text

// What texts cost.
#include "services/notifications/sms/segments.h"

#include <random>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace masthead::notifications::sms {
namespace {

std::string Times(int n, const std::string& text) {
  std::string all;
  for (int i = 0; i < n; ++i) all += text;
  return all;
}

TEST(SmsSegments, OfTheDefaultAlphabetHold160OrSeveralTimes153) {
  EXPECT_EQ(CountSegments(Times(160, "a")).count, 1);
  EXPECT_EQ(CountSegments(Times(161, "a")).count, 2);
  EXPECT_EQ(CountSegments(Times(306, "a")).count, 2);
  EXPECT_EQ(CountSegments(Times(307, "a")).count, 3);
  EXPECT_EQ(CountSegments("Ärger über 5 £ @ Øresund, Ω").encoding, Encoding::kGsm7);
}

TEST(SmsSegments, OfExtendedCharactersCountTwiceAndAreNotDivided) {
  EXPECT_EQ(CountSegments("€").units, 2);
  EXPECT_EQ(CountSegments(Times(80, "€")).count, 1);
  EXPECT_EQ(CountSegments(Times(81, "€")).count, 2);
  // 153 is odd: the last septet of each segment stays empty.
  EXPECT_EQ(CountSegments(Times(152, "€")).count, 2);
  EXPECT_EQ(CountSegments(Times(153, "€")).count, 3);
}

TEST(SmsSegments, OfCyrillicHold70OrSeveralTimes67) {
  EXPECT_EQ(CountSegments("Київ").encoding, Encoding::kUcs2);
  EXPECT_EQ(CountSegments(Times(70, "ї")).count, 1);
  EXPECT_EQ(CountSegments(Times(71, "ї")).count, 2);
  EXPECT_EQ(CountSegments(Times(134, "ї")).count, 2);
  EXPECT_EQ(CountSegments(Times(135, "ї")).count, 3);
  EXPECT_EQ(CountSegments(Times(160, "a") + "ї").count, 3) << "one letter makes the whole text dearer";
}

TEST(SmsSegments, OfEmojiAreNotDividedEither) {
  EXPECT_EQ(CountSegments("😀").units, 2);
  EXPECT_EQ(CountSegments(Times(35, "😀")).count, 1);
  EXPECT_EQ(CountSegments(Times(36, "😀")).count, 2);
  EXPECT_EQ(CountSegments(Times(66, "😀")).count, 2) << "33 in each";
  EXPECT_EQ(CountSegments(Times(67, "😀")).count, 3);
}

TEST(SmsSegments, AHeadlineIsCutAndItsLinkIsNot) {
  constexpr char kUrl[] = "https://news.example/a/talks";
  EXPECT_EQ(FitWithUrl("Talks resume", kUrl, 1), absl::StrCat("Talks resume ", kUrl));
  const std::string cut = FitWithUrl(Times(100, "переговори "), kUrl, 2);
  EXPECT_EQ(CountSegments(cut).count, 2);
  EXPECT_TRUE(absl::EndsWith(cut, absl::StrCat("... ", kUrl)));
  EXPECT_GT(CountSegments(cut).units, 130) << "no more is cut than must be";
  EXPECT_EQ(FitWithUrl("Talks", Times(200, "u"), 1), Times(200, "u"));
}

TEST(SmsSegments, WhatIsCutAlwaysFits) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const std::string alphabet[] = {"a", "€", "ї", "😀", " ", "{"};
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (unsigned i = random() % 400; i > 0; --i) text += alphabet[random() % std::size(alphabet)];
    const int most = 1 + static_cast<int>(random() % 4);
    EXPECT_LE(CountSegments(FitWithUrl(text, "https://news.example/a", most)).count, most) << text;
  }
}

}  // namespace
}  // namespace masthead::notifications::sms

#include "services/notifications/mail/header_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::mail {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

TEST(HeaderText, EncodesAUkrainianSubjectInFourAlignedWords) {
  EXPECT_EQ(EncodeUnstructured("Росія завдала масованого удару по Києву: 12 загиблих, десятки поранених", 9),
            "=?UTF-8?B?0KDQvtGB0ZbRjyDQt9Cw0LLQtNCw0LvQsCDQvNCw0YHQvtCy0LA=?=\r\n"
            " =?UTF-8?B?0L3QvtCz0L4g0YPQtNCw0YDRgyDQv9C+INCa0LjRlNCy0YM6IDEyINC30LA=?=\r\n"
            " =?UTF-8?B?0LPQuNCx0LvQuNGFLCDQtNC10YHRj9GC0LrQuCDQv9C+0YDQsNC90LXQvdC4?=\r\n"
            " =?UTF-8?B?0YU=?=");
}

TEST(HeaderText, EncodesShortTextsInOneWord) {
  EXPECT_EQ(EncodeUnstructured("Київ", 9), "=?UTF-8?B?0JrQuNGX0LI=?=");
  EXPECT_EQ(EncodeMailbox("Київ Незалежний", "desk@example.com", 6),
            "=?UTF-8?B?0JrQuNGX0LIg0J3QtdC30LDQu9C10LbQvdC40Lk=?=\r\n <desk@example.com>");
}

TEST(HeaderText, LeavesPlainAsciiAlone) { EXPECT_EQ(EncodeUnstructured("Breaking: Kyiv", 9), "Breaking: Kyiv"); }

TEST(HeaderText, EncodesWhatLooksLikeAnEncodedWord) {
  EXPECT_EQ(EncodeUnstructured("=?UTF-8?B?..?=", 9), "=?UTF-8?B?PT9VVEYtOD9CPy4uPz0=?=");
}

TEST(HeaderText, EncodesSpacesAtTheEndsForTheyWouldBeLost) {
  EXPECT_EQ(EncodeUnstructured(" Kyiv ", 9), "=?UTF-8?B?IEt5aXYg?=");
}

TEST(HeaderText, FoldsLongAsciiBetweenWords) {
  std::string text = "alert";
  for (int i = 0; i < 60; ++i) text += " number" + std::to_string(i);
  const std::string encoded = EncodeUnstructured(text, 9);
  std::string unfolded;
  bool first = true;
  for (absl::string_view line : absl::StrSplit(encoded, "\r\n")) {
    EXPECT_LE(line.size() + (first ? 9 : 0), 76u);
    unfolded.append(line.data(), line.size());
    first = false;
  }
  EXPECT_EQ(unfolded, text);
}

TEST(HeaderText, EncodesAWordThatNoLineCanHold) {
  for (absl::string_view line : absl::StrSplit(EncodeUnstructured(std::string(2000, 'a'), 9), "\r\n"))
    EXPECT_LE(line.size(), 76u);
}

TEST(HeaderText, NeverSplitsACodePointWhateverTheOffset) {
  for (size_t used = 0; used < 80; ++used) {
    std::string text(used % 4, 'x');
    for (int i = 0; i < 40; ++i) text += i % 3 == 0 ? "ї" : i % 3 == 1 ? "€" : "📰";
    for (absl::string_view line : absl::StrSplit(EncodeUnstructured(text, used), "\r\n")) {
      if (line.empty()) continue;
      EXPECT_LE(line.size(), 76u);
      std::string payload;
      const size_t start = line.find("?B?") + 3;
      ASSERT_TRUE(absl::Base64Unescape(line.substr(start, line.size() - start - 2), &payload));
      EXPECT_NE(static_cast<unsigned char>(payload.front()) & 0xC0, 0x80) << "starts inside a code point at " << used;
      EXPECT_THAT(CheckHeaderText("payload", payload), IsOk());
    }
  }
}

TEST(HeaderText, QuotesANameWithSpecials) {
  EXPECT_EQ(EncodeMailbox("Ivanenko, Olha \"O\"", "o@example.com", 4), "\"Ivanenko, Olha \\\"O\\\"\" <o@example.com>");
  EXPECT_EQ(EncodeMailbox("The Desk", "o@example.com", 4), "The Desk <o@example.com>");
  EXPECT_EQ(EncodeMailbox("", "o@example.com", 4), "o@example.com");
}

TEST(HeaderText, RefusesWhatCouldEndALine) {
  const absl::string_view attacks[] = {"a\r\nBcc: x@y.example",
                                       "a\nb",
                                       "a\rb",
                                       absl::string_view("a\0b", 3),
                                       "a\x0b"
                                       "b",
                                       "a\x0c"
                                       "b",
                                       "a\x7f",
                                       "a\xe2\x80\xa8"
                                       "b",
                                       "a\xe2\x80\xa9"
                                       "b",
                                       "a\xc2\x85"
                                       "b",
                                       "a\xc0\x8a"
                                       "b",
                                       "a\xed\xa0\x80",
                                       "a\xff",
                                       "a\xe2\x80"};
  for (absl::string_view attack : attacks) {
    EXPECT_THAT(CheckHeaderText("subject", attack), StatusIs(kInvalid, "HEADER_INJECTION")) << attack;
    EXPECT_THAT(CheckAddress("to", absl::StrCat(attack, "@example.com"), true), StatusIs(kInvalid, "HEADER_INJECTION"))
        << attack;
  }
  EXPECT_THAT(CheckHeaderText("subject", "Київ\tі область 📰"), IsOk());
}

TEST(HeaderText, TakesOnlyAddressesThatNeedNoQuotes) {
  for (const char* good :
       {"a@b.example", "o.ivanenko+news@xn--80akhbyknj4f.example", "!#$%&'*+-/=?^_`{|}~@a-b.example", "A@localhost"}) {
    EXPECT_THAT(CheckAddress("to", good, false), IsOk()) << good;
  }
  for (const char* bad : {"", "a", "@b.example", "a@", "a b@c.example", "a..b@c.example", ".a@c.example",
                          "a.@c.example", "\"a\"@c.example", "a@[127.0.0.1]", "a@b..c", "a@-b.c", "a@b-.c", "a@b.c.",
                          "a@b@c.example", "a@приклад.укр", "<a@b.c>", "a@b.c>,<d@e.f", "a,b@c.example"}) {
    EXPECT_THAT(CheckAddress("to", bad, false), StatusIs(kInvalid, "INVALID_ADDRESS")) << bad;
  }
  EXPECT_THAT(CheckAddress("to", std::string(65, 'a') + "@b.example", false), StatusIs(kInvalid, "INVALID_ADDRESS"));
  EXPECT_THAT(CheckAddress("to", "a@" + std::string(260, 'b'), false), StatusIs(kInvalid, "INVALID_ADDRESS"));
}

TEST(HeaderText, TakesALocalPartBeyondAsciiOnlyWithSmtpUtf8) {
  EXPECT_THAT(CheckAddress("to", "Новини@xn--80akhbyknj4f.xn--j1amh", true), IsOk());
  EXPECT_THAT(CheckAddress("to", "Новини@xn--80akhbyknj4f.xn--j1amh", false), StatusIs(kInvalid, "INVALID_ADDRESS"));
}

}  // namespace
}  // namespace masthead::notifications::mail

#include "common/text/text.h"

#include <string>

#include "gtest/gtest.h"

namespace masthead::text {
namespace {

TEST(CodePoints, CountsCharactersNotBytes) {
  EXPECT_EQ(CodePoints(""), 0);
  EXPECT_EQ(CodePoints("Kyiv"), 4);
  EXPECT_EQ(CodePoints("Київ"), 4);
  EXPECT_EQ(CodePoints("📰"), 1);
  EXPECT_EQ(CodePoints("e\u0301"), 2);
}

TEST(Normalize, ComposesToNfc) {
  EXPECT_EQ(Normalize("Cafe\u0301"), "Caf\u00e9");
  EXPECT_EQ(Normalize("и\u0306"), "й");
  EXPECT_EQ(Normalize("\u212B"), "\u00C5");
  EXPECT_EQ(Normalize("Київ"), "Київ");
}

TEST(Normalize, RemovesBidiOverridesAndIsolates) {
  EXPECT_EQ(Normalize("a\u202Ab\u202Ec\u2066d\u2069e"), "abcde");
  // Neighbours of theirs, and the marks that right-to-left writing needs.
  EXPECT_EQ(Normalize("\u2029\u202F\u2065\u200E\u200F"), "\u2029\u202F\u2065\u200E\u200F");
  // What they kept apart composes.
  EXPECT_EQ(Normalize("e\u202D\u0301"), "\u00e9");
}

TEST(Normalize, MakesEveryLineBreakALineFeed) { EXPECT_EQ(Normalize("a\r\nb\rc\nd\te"), "a\nb\nc\nd\te"); }

TEST(Normalize, ChangesNothingTheSecondTime) {
  for (const char* text : {"Cafe\u0301 \u202E x\r\r\n", "\u0344", "\uFB01", "각", "\u1112\u1161\u11ab"}) {
    EXPECT_EQ(Normalize(Normalize(text)), Normalize(text));
  }
}

// The description of the one violation, or nothing.
std::string TextViolation(std::string value, int64_t max, bool required) {
  FieldViolations violations;
  CheckText("article.dek", value, max, required, violations);
  return std::string(violations.ToStatus().message());
}

std::string LineViolation(std::string value, int64_t max, bool required) {
  FieldViolations violations;
  CheckLine("article.headline", value, max, required, violations);
  return std::string(violations.ToStatus().message());
}

TEST(CheckText, NormalizesInPlace) {
  std::string value = "Cafe\u0301\u202E";
  FieldViolations violations;
  CheckText("article.dek", value, 4, true, violations);
  EXPECT_TRUE(violations.empty());
  EXPECT_EQ(value, "Caf\u00e9");
}

TEST(CheckText, CountsCodePointsAfterNormalizing) {
  EXPECT_EQ(TextViolation("Київ", 4, true), "");
  EXPECT_NE(TextViolation("Києво", 4, true), "");
  EXPECT_EQ(TextViolation("e\u0301e\u0301", 2, true), "");
}

TEST(CheckText, RefusesControlCharactersButTabAndLineFeed) {
  EXPECT_EQ(TextViolation("one\n\ttwo\r\n", 100, true), "");
  for (const std::string& value : {std::string("a\0b", 3), std::string("a\x1b[31m"), std::string("a\x7f"),
                                   std::string("a\u0085"), std::string("\u009b"), std::string("\v")}) {
    EXPECT_NE(TextViolation(value, 100, false), "") << value;
  }
}

TEST(CheckText, WantsMoreThanWhiteSpaceIfRequired) {
  EXPECT_EQ(TextViolation("", 10, false), "");
  EXPECT_NE(TextViolation("", 10, true), "");
  EXPECT_NE(TextViolation(" \n\t\u00A0\u3000", 10, true), "");
  EXPECT_NE(TextViolation("\u202E\u2066", 10, true), "");
}

TEST(CheckLine, RefusesEveryWayToStartAnotherLine) {
  EXPECT_EQ(LineViolation("Subject: we won", 100, true), "");
  for (const char* value :
       {"a\nb", "a\rb", "a\r\nBcc: x", "a\tb", "a\u2028b", "a\u2029b", "a\u0085b", "a\vb", "a\fb"}) {
    EXPECT_NE(LineViolation(value, 100, true), "") << value;
  }
}

}  // namespace
}  // namespace masthead::text

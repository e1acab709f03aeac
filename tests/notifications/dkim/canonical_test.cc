// The examples of RFC 6376 section 3.4.5 and of its errata, to the byte.
#include "services/notifications/dkim/canonical.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::notifications::dkim {
namespace {

using ::testing::ElementsAre;

constexpr char kFirst[] = "A: X\r\n";
constexpr char kSecond[] = "B : Y\t\r\n\tZ  \r\n";
constexpr char kBody[] = " C \r\nD \t E\r\n\r\n\r\n";

TEST(CanonicalHeader, RelaxedLowersTheNameUnfoldsAndReducesWhiteSpace) {
  EXPECT_EQ(CanonicalHeader(kFirst, Canonicalization::kRelaxed), "a:X\r\n");
  EXPECT_EQ(CanonicalHeader(kSecond, Canonicalization::kRelaxed), "b:Y Z\r\n");
}

TEST(CanonicalHeader, SimpleChangesNothing) {
  EXPECT_EQ(CanonicalHeader(kFirst, Canonicalization::kSimple), kFirst);
  EXPECT_EQ(CanonicalHeader(kSecond, Canonicalization::kSimple), kSecond);
}

TEST(CanonicalBody, RelaxedReducesWhiteSpaceAndDropsEmptyLinesAtTheEnd) {
  EXPECT_EQ(CanonicalBody(kBody, Canonicalization::kRelaxed), " C\r\nD E\r\n");
  EXPECT_EQ(BodyHash(kBody, Canonicalization::kRelaxed), "unak6JHq0wL+Q1HP7dW1tjBx9FLA6DffoZ0qrLwbbpo=");
}

TEST(CanonicalBody, SimpleDropsEmptyLinesAtTheEndOnly) {
  EXPECT_EQ(CanonicalBody(kBody, Canonicalization::kSimple), " C \r\nD \t E\r\n");
  EXPECT_EQ(BodyHash(kBody, Canonicalization::kSimple), "NOeivbQlDH9TmNKJUw7D53wZfsk8YMZ/hTuVVwTgi8s=");
}

TEST(CanonicalBody, OfNothingIsALineBreakSimpleAndNothingRelaxed) {
  EXPECT_EQ(BodyHash("", Canonicalization::kSimple), "frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
  EXPECT_EQ(BodyHash("", Canonicalization::kRelaxed), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST(CanonicalBody, ALineOfSpacesIsEmptyOnceReducedAndSoIsDroppedAtTheEnd) {
  EXPECT_EQ(CanonicalBody("News.\r\n \t \r\n\r\n", Canonicalization::kRelaxed), "News.\r\n");
  EXPECT_EQ(CanonicalBody(" \r\n\t\r\n", Canonicalization::kRelaxed), "");
}

TEST(CanonicalBody, GetsTheLineBreakThatItLacks) {
  EXPECT_EQ(CanonicalBody("News.", Canonicalization::kRelaxed), "News.\r\n");
  EXPECT_EQ(CanonicalBody("News.", Canonicalization::kSimple), "News.\r\n");
}

TEST(Parse, KeepsFoldsWithTheirFieldAndEndsAtTheEmptyLine) {
  const Message message = Parse("A: X\r\nB : Y\t\r\n\tZ  \r\n\r\nbody\r\n\r\nA: no field\r\n");
  EXPECT_THAT(message.fields, ElementsAre(kFirst, kSecond));
  EXPECT_EQ(message.body, "body\r\n\r\nA: no field\r\n");
}

TEST(SignedData, TakesFieldsOfANameFromTheLastUpAndThenNothing) {
  const Message message = Parse("To: a\r\nSubject: 1\r\nSubject: 2\r\n\r\n");
  EXPECT_EQ(SignedData(message.fields, {"subject", "subject", "subject", "from"},
                       "DKIM-Signature: b=", Canonicalization::kRelaxed),
            "subject:2\r\nsubject:1\r\ndkim-signature:b=");
}

}  // namespace
}  // namespace masthead::notifications::dkim

#include "services/notifications/desks/desk_letter.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::notifications {
namespace {

using ::testing::Optional;

TEST(CauseOfRefusal, LetsAReaderQuoteAFewLinks) {
  EXPECT_EQ(CauseOfRefusal({.text = "See https://a.example http://b.example https://c.example https://d.example "
                                    "https://e.example"}),
            std::nullopt);
  EXPECT_EQ(CauseOfRefusal({.text = "if a<b and b>c then [sic] <3"}), std::nullopt);
}

TEST(CauseOfRefusal, LooksAtTheNameAndTheSubjectToo) {
  EXPECT_THAT(CauseOfRefusal({.subject = "<IMG src=x>", .text = "hello"}), Optional(std::string("MARKUP")));
  EXPECT_THAT(CauseOfRefusal({.sender_name = "[URL=x]", .text = "hello"}), Optional(std::string("MARKUP")));
}

TEST(WordsHash, IsBlindToCaseSpaceAndPunctuation) {
  EXPECT_EQ(WordsHash("Cheap loans,  today!"), WordsHash("cheap LOANS today"));
  EXPECT_NE(WordsHash("Cheap loans today"), WordsHash("Cheap loans tomorrow"));
  EXPECT_NE(WordsHash("Міст"), WordsHash("Мова"));
}

}  // namespace
}  // namespace masthead::notifications

#include "services/articles/article/content_rules.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

absl::Status Check(Content& content) {
  FieldViolations violations;
  CheckContent(content, violations);
  return violations.ToStatus();
}

absl::Status Check(Content&& content) { return Check(content); }

TEST(Content, MayBeEmptyWhileItIsADraft) { EXPECT_THAT(Check(Content()), IsOk()); }

TEST(Content, IsBroughtIntoNfc) {
  Content content;
  content.headline = "Украі\u0308на";

  ASSERT_THAT(Check(content), IsOk());

  EXPECT_EQ(content.headline, "Україна");
}

TEST(Content, KeepsItsLimitsInCodePoints) {
  std::string headline;
  for (int i = 0; i < 300; ++i) headline += "ї";
  EXPECT_THAT(Check({.headline = headline}), IsOk());
  EXPECT_THAT(Check({.headline = headline + "ї"}), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(Check({.headline = "two\nlines"}), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(Check({.dek = "two\nlines"}), IsOk());
  EXPECT_THAT(Check({.dek = std::string("a\0b", 3)}), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST(Content, NamesPlansOnlyWherePlansOpenIt) {
  using Level = Access::Level;
  EXPECT_THAT(Check({.access = {.level = Level::kPlans, .plans = {"tiers/gold"}}}), IsOk());
  EXPECT_THAT(Check({.access = {.level = Level::kPlans}}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Check({.access = {.level = Level::kPublic, .plans = {"tiers/gold"}}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Check({.access = {.level = Level::kPlans, .plans = {"tiers/gold", "tiers/gold"}}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Check({.access = {.preview_paragraphs = -1}}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Content, NamesTagsOnce) {
  EXPECT_THAT(Check({.tag_ids = {"war", "crimea"}}), IsOk());
  EXPECT_THAT(Check({.tag_ids = {"war", "war"}}), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Language, IsBroughtIntoItsCustomaryCase) {
  for (const auto& [sent, kept] :
       {std::pair("UK", "uk"), std::pair("en-gb", "en-GB"), std::pair("zh-hans-cn", "zh-Hans-CN")}) {
    std::string language = sent;
    FieldViolations violations;
    CheckLanguage("f", language, violations);
    EXPECT_THAT(violations.ToStatus(), IsOk()) << sent;
    EXPECT_EQ(language, kept);
  }
  for (const char* sent : {"", "u", "english", "en_GB", "en-", "e1", "uk-UA/x"}) {
    std::string language = sent;
    FieldViolations violations;
    CheckLanguage("f", language, violations);
    EXPECT_FALSE(violations.empty()) << sent;
  }
}

}  // namespace
}  // namespace masthead::articles

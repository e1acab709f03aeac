#include "services/memberships/merging/merging.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

Consent Said(const std::string& topic_id, bool granted, int64_t at) {
  return {.topic_id = topic_id, .granted = granted, .record_time = absl::FromUnixSeconds(at)};
}

TEST(Merging, LabelsAddUpAndTheOneThatStaysWins) {
  EXPECT_THAT(Union({{"a", "kept"}}, {{"a", "merged"}, {"b", "merged"}}, 50),
              ElementsAre(Pair("a", "kept"), Pair("b", "merged")));
}

TEST(Merging, NobodyGetsMoreLabelsThanThereMayBe) {
  EXPECT_THAT(Union({{"a", ""}, {"b", ""}}, {{"c", ""}, {"d", ""}}, 3), SizeIs(3));
}

TEST(Merging, TheLastWordOnATopicCounts) {
  EXPECT_THAT(LaterWords({Said("breaking", true, 10)}, {Said("breaking", false, 9)}), IsEmpty());
  EXPECT_THAT(LaterWords({Said("breaking", false, 9)}, {Said("breaking", true, 10)}), SizeIs(1));
  EXPECT_THAT(LaterWords({}, {Said("sport", true, 1)}), SizeIs(1));
}

TEST(Merging, OfTwoWordsAtOneMomentTheWithdrawalCounts) {
  EXPECT_THAT(LaterWords({Said("breaking", true, 10)}, {Said("breaking", false, 10)}), SizeIs(1));
  EXPECT_THAT(LaterWords({Said("breaking", false, 10)}, {Said("breaking", true, 10)}), IsEmpty());
}

TEST(Merging, WhatIsMissingIsTakenAndWhatIsThereStays) {
  Member kept;
  kept.display_name = "Nina";
  Member merged;
  merged.display_name = "N.";
  merged.note = "met at the fair";
  merged.locale = "uk";
  merged.custom_fields = {{"city", "Kyiv"}};
  TakeFrom(merged, kept);
  EXPECT_EQ(kept.display_name, "Nina");
  EXPECT_EQ(kept.note, "met at the fair");
  EXPECT_EQ(kept.locale, "uk");
  EXPECT_EQ(kept.custom_fields.at("city"), "Kyiv");
}

}  // namespace
}  // namespace masthead::memberships

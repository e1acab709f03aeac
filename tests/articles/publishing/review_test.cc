#include "services/articles/publishing/review.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/articles/publishing/publishing.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using State = Article::State;

const absl::Time kNoon = absl::FromUnixSeconds(1'700'000'000);
constexpr HouseRules kStrict = {.require_review = true};
const Reviewer kOlena = {.subject = "staffMembers/olena"};
const Reviewer kPetro = {.subject = "staffMembers/petro"};
const Reviewer kAdmin = {.subject = "staffMembers/chief", .is_admin = true};

Article FitDraft() {
  Article article;
  article.id = "crimea";
  article.content.headline = "Mobilization in Crimea";
  article.content.slug = "mobilization-in-crimea";
  article.content.section_id = "national";
  article.content.bylines = {{.contributor_id = "news-desk"}};
  return article;
}

Article Submitted(const std::string& assignee = "") {
  Article article = FitDraft();
  EXPECT_THAT(SubmitForReview(article, "staffMembers/olena", assignee, kNoon), IsOk());
  return article;
}

TEST(Review, RecordsWhoAskedWhomAndWhoDecided) {
  Article article = Submitted("staffMembers/petro");
  EXPECT_EQ(article.state, State::kInReview);
  EXPECT_EQ(article.review->requested_by, "staffMembers/olena");

  ASSERT_THAT(Approve(article, kPetro, kStrict, kNoon + absl::Minutes(5)), IsOk());

  EXPECT_EQ(article.state, State::kApproved);
  EXPECT_EQ(article.review->decision, Review::Decision::kApproved);
  EXPECT_EQ(article.review->decided_by, "staffMembers/petro");
  EXPECT_EQ(article.review->revision, 1);
  EXPECT_EQ(article.review->update_time, kNoon + absl::Minutes(5));
}

TEST(Review, IsForWhoWasAskedAndForTheAdmin) {
  Article article = Submitted("staffMembers/petro");

  EXPECT_THAT(Approve(article, kOlena, {}, kNoon), StatusIs(absl::StatusCode::kPermissionDenied, "REVIEW_ASSIGNED"));
  EXPECT_THAT(RequestChanges(article, kOlena, "no", kNoon),
              StatusIs(absl::StatusCode::kPermissionDenied, "REVIEW_ASSIGNED"));
  EXPECT_EQ(article.state, State::kInReview);
  EXPECT_THAT(Approve(article, kAdmin, kStrict, kNoon), IsOk());
}

TEST(Review, NobodyApprovesTheirOwnSubmissionWhereTheHouseRequiresReview) {
  Article article = Submitted();

  EXPECT_THAT(Approve(article, kOlena, kStrict, kNoon),
              StatusIs(absl::StatusCode::kPermissionDenied, "OWN_SUBMISSION"));
  EXPECT_THAT(Approve(article, kOlena, {}, kNoon), IsOk());
}

TEST(Review, SendsItBackWithAComment) {
  Article article = Submitted();

  ASSERT_THAT(RequestChanges(article, kPetro, "Who says so?", kNoon), IsOk());

  EXPECT_EQ(article.state, State::kDraft);
  EXPECT_EQ(article.review->decision, Review::Decision::kChangesRequested);
  EXPECT_EQ(article.review->comment, "Who says so?");
}

TEST(Review, ASaveEndsAnApproval) {
  Article article = Submitted();
  ASSERT_THAT(Approve(article, kPetro, kStrict, kNoon), IsOk());
  ++article.revision;

  ASSERT_THAT(OnSave(article), IsOk());

  EXPECT_EQ(article.state, State::kDraft);
  EXPECT_FALSE(IsApproved(article));
  EXPECT_THAT(Publish(article, kStrict, kNoon, false),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REVIEW_REQUIRED"));
}

TEST(Review, IsRequiredBeforePublishingOnlyWhereTheHouseSaysSo) {
  Article article = FitDraft();
  EXPECT_THAT(Publish(article, kStrict, kNoon, false),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REVIEW_REQUIRED"));
  EXPECT_THAT(ScheduleFor(article, {.publish_time = kNoon + absl::Hours(1)}, false, kStrict, kNoon),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REVIEW_REQUIRED"));
  EXPECT_THAT(Publish(article, {}, kNoon, false), IsOk());
}

TEST(Review, OfAChangeToAPublishedArticleLeavesItPublished) {
  Article article = Submitted();
  ASSERT_THAT(Approve(article, kPetro, kStrict, kNoon), IsOk());
  ASSERT_THAT(Publish(article, kStrict, kNoon, false), IsOk());
  EXPECT_FALSE(article.review.has_value());
  ++article.revision;
  ASSERT_THAT(OnSave(article), IsOk());
  EXPECT_THAT(Publish(article, kStrict, kNoon, false),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REVIEW_REQUIRED"));
  EXPECT_THAT(Approve(article, kPetro, kStrict, kNoon), StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));

  ASSERT_THAT(SubmitForReview(article, "staffMembers/olena", "", kNoon), IsOk());
  EXPECT_EQ(article.state, State::kPublished);
  ASSERT_THAT(Approve(article, kPetro, kStrict, kNoon), IsOk());
  EXPECT_THAT(Publish(article, kStrict, kNoon, false), IsOk());
  EXPECT_EQ(article.published_revision, 2);
}

TEST(Review, CannotCoverWhatIsNotYetWritten) {
  Article article = Submitted();
  ASSERT_THAT(Approve(article, kPetro, kStrict, kNoon), IsOk());

  EXPECT_THAT(ScheduleFor(article, {.publish_time = kNoon + absl::Hours(1)}, /*follow_latest=*/true, kStrict, kNoon),
              StatusIs(absl::StatusCode::kFailedPrecondition, "REVIEW_REQUIRED"));
}

}  // namespace
}  // namespace masthead::articles

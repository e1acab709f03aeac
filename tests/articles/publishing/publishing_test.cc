#include "services/articles/publishing/publishing.h"

#include <algorithm>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = Article::State;

const absl::Time kNoon = absl::FromUnixSeconds(1'700'000'000);
const absl::Time kOne = kNoon + absl::Hours(1);
const absl::Time kTwo = kNoon + absl::Hours(2);
const absl::Time kThree = kNoon + absl::Hours(3);

Article FitDraft() {
  Article article;
  article.id = "crimea";
  article.content.headline = "Mobilization in Crimea";
  article.content.slug = "mobilization-in-crimea";
  article.content.section_id = "national";
  article.content.bylines = {{.contributor_id = "news-desk"}};
  return article;
}

Article Published() {
  Article article = FitDraft();
  EXPECT_THAT(Publish(article, {}, kNoon, false), IsOk());
  return article;
}

// Planned at noon.
Article Scheduled(Schedule schedule, bool follow_latest = false) {
  Article article = FitDraft();
  EXPECT_THAT(ScheduleFor(article, std::move(schedule), follow_latest, {}, kNoon), IsOk());
  return article;
}

Outcome OutcomeOf(const absl::StatusOr<Publication>& publication) {
  EXPECT_THAT(publication, IsOk());
  return publication.ok() ? publication->outcome : Outcome::kNothing;
}

void Save(Article& article) {
  ++article.revision;
  EXPECT_THAT(OnSave(article), IsOk());
}

TEST(Publish, MakesADraftPublic) {
  Article article = FitDraft();

  EXPECT_EQ(OutcomeOf(Publish(article, {}, kNoon, false)), Outcome::kPublished);

  EXPECT_EQ(article.state, State::kPublished);
  EXPECT_EQ(article.published_revision, 1);
  EXPECT_EQ(article.published_slug, "mobilization-in-crimea");
  EXPECT_EQ(article.publish_time, kNoon);
  EXPECT_EQ(article.content_update_time, kNoon);
}

TEST(Publish, KeepsTheFirstPublishTimeForEver) {
  Article article = Published();
  ASSERT_THAT(Unpublish(article, kOne), IsOk());

  const absl::StatusOr<Publication> again = Publish(article, {}, kTwo, true);

  EXPECT_EQ(OutcomeOf(again), Outcome::kPublished);
  EXPECT_EQ(again->former_revision, 1);
  EXPECT_EQ(article.publish_time, kNoon);
}

TEST(Publish, MovesContentUpdateTimeOnlyForSubstance) {
  Article article = Published();
  Save(article);
  EXPECT_EQ(OutcomeOf(Publish(article, {}, kOne, false)), Outcome::kUpdated);
  EXPECT_EQ(article.content_update_time, kNoon);

  Save(article);
  ASSERT_THAT(Publish(article, {}, kTwo, true), IsOk());
  EXPECT_EQ(article.content_update_time, kTwo);
}

TEST(Publish, ChangesNothingIfThatRevisionIsPublic) {
  Article article = Published();

  EXPECT_EQ(OutcomeOf(Publish(article, {}, kOne, true)), Outcome::kNothing);

  EXPECT_EQ(article.update_time, kNoon);
}

TEST(Publish, NamesEverythingThatIsMissing) {
  Article article;
  article.id = "a";
  article.content.lead_image = Image{.uri = "https://x.org/a.jpg"};
  article.content.body = {{"b", Image{.uri = "https://x.org/b.jpg"}}};

  EXPECT_THAT(FailedPublishChecks(article.content),
              ElementsAre("headline", "section", "byline", "slug", "lead_image_alt", "lead_image_credit", "image_alt"));
  EXPECT_THAT(Publish(article, {}, kNoon, false),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));
  EXPECT_EQ(article.state, State::kDraft);
  EXPECT_THAT(FailedPublishChecks(FitDraft().content), IsEmpty());
}

TEST(Publish, LooksForAltTextInGalleriesAndBehindGates) {
  Article article = FitDraft();
  const Block gallery = {"b", Gallery{.images = {{.uri = "https://x.org/b.jpg"}}}};
  article.content.body = {{"g", GatedBlocks{.blocks = {gallery}}}};
  EXPECT_THAT(FailedPublishChecks(article.content), ElementsAre("image_alt"));
  article.content.body = {gallery};
  EXPECT_THAT(FailedPublishChecks(article.content), ElementsAre("image_alt"));
}

TEST(Publish, TellsWhereTheBodyLeadsToNothing) {
  Article article = FitDraft();
  const DeadEnds dead_ends = {.articles = {{"article.body[3].related.articles[0]", "gone"}}, .live_coverages = {}};
  const absl::StatusOr<Publication> refused = Publish(article, {}, kNoon, false, dead_ends);
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));
  EXPECT_EQ(article.state, State::kDraft);
}

TEST(Publish, DoesNotPassLawyers) {
  Article article = FitDraft();
  article.legal_hold = true;

  EXPECT_THAT(Publish(article, {}, kNoon, false), StatusIs(absl::StatusCode::kFailedPrecondition, "LEGAL_HOLD"));
  EXPECT_THAT(ScheduleFor(article, {.publish_time = kOne}, false, {}, kNoon),
              StatusIs(absl::StatusCode::kFailedPrecondition, "LEGAL_HOLD"));
  EXPECT_EQ(article.state, State::kDraft);
}

TEST(Schedule, PinsTheRevision) {
  Article article = Scheduled({.publish_time = kOne});
  Save(article);
  EXPECT_TRUE(HasUnpublishedChanges(article));

  const absl::StatusOr<Publication> done = CarryOut(article, kOne + absl::Seconds(3));

  EXPECT_EQ(OutcomeOf(done), Outcome::kPublished);
  EXPECT_EQ(done->scheduled_time, kOne);
  EXPECT_EQ(article.published_revision, 1);
  EXPECT_EQ(article.publish_time, kOne);
  EXPECT_FALSE(article.schedule->due_time.has_value());
  EXPECT_TRUE(HasUnpublishedChanges(article));
}

TEST(Schedule, FollowsTheLatestRevisionIfAskedTo) {
  Article article = Scheduled({.publish_time = kOne}, /*follow_latest=*/true);
  Save(article);
  EXPECT_FALSE(HasUnpublishedChanges(article));

  ASSERT_THAT(CarryOut(article, kOne), IsOk());

  EXPECT_EQ(article.published_revision, 2);
}

TEST(Schedule, ThatFollowsTheLatestRefusesATextItCouldNotPublish) {
  Article article = Scheduled({.publish_time = kOne}, /*follow_latest=*/true);
  article.content.headline.clear();

  EXPECT_THAT(OnSave(article), StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));
}

TEST(Schedule, RecordsBothTimesIfLaterThanAMinute) {
  Article punctual = Scheduled({.publish_time = kOne});
  ASSERT_THAT(CarryOut(punctual, kOne + absl::Seconds(60)), IsOk());
  EXPECT_EQ(punctual.publish_time, kOne);

  Article late = Scheduled({.publish_time = kOne});
  ASSERT_THAT(CarryOut(late, kOne + absl::Seconds(61)), IsOk());
  EXPECT_EQ(late.publish_time, kOne + absl::Seconds(61));
  EXPECT_EQ(late.schedule->publish_time, kOne);
}

TEST(Schedule, RefusesThePast) {
  Article article = FitDraft();

  EXPECT_THAT(ScheduleFor(article, {.publish_time = kNoon}, false, {}, kNoon),
              StatusIs(absl::StatusCode::kInvalidArgument, "SCHEDULE_IN_PAST"));
}

TEST(Schedule, ComesBackToWhatItWas) {
  Article never_public = Scheduled({.publish_time = kOne});
  ASSERT_THAT(Unschedule(never_public, kNoon), IsOk());
  EXPECT_EQ(never_public.state, State::kDraft);
  EXPECT_FALSE(never_public.schedule.has_value());

  Article once_public = Published();
  ASSERT_THAT(Unpublish(once_public, kNoon), IsOk());
  ASSERT_THAT(ScheduleFor(once_public, {.publish_time = kOne}, false, {}, kNoon), IsOk());
  ASSERT_THAT(Unschedule(once_public, kNoon), IsOk());
  EXPECT_EQ(once_public.state, State::kUnpublished);
}

TEST(Schedule, CanBeAChangeToALiveArticle) {
  Article article = Published();
  Save(article);

  ASSERT_THAT(ScheduleFor(article, {.publish_time = kOne, .substantive = true}, false, {}, kNoon), IsOk());
  EXPECT_EQ(article.state, State::kPublished);
  EXPECT_EQ(article.published_revision, 1);
  EXPECT_EQ(OutcomeOf(CarryOut(article, kOne)), Outcome::kUpdated);

  EXPECT_EQ(article.published_revision, 2);
  EXPECT_EQ(article.publish_time, kNoon);
  EXPECT_EQ(article.content_update_time, kOne);
}

TEST(Schedule, OfAChangeIsCalledOffByAPublicationByHand) {
  Article article = Published();
  Save(article);
  ASSERT_THAT(ScheduleFor(article, {.publish_time = kOne}, false, {}, kNoon), IsOk());
  Save(article);

  ASSERT_THAT(Publish(article, {}, kNoon + absl::Minutes(1), false), IsOk());

  EXPECT_EQ(article.published_revision, 3);
  EXPECT_FALSE(article.schedule.has_value());
}

TEST(Withdrawal, MustComeAfterThePublication) {
  Article article = FitDraft();

  EXPECT_THAT(ScheduleFor(article, {.publish_time = kOne, .unpublish_time = kOne}, false, {}, kNoon),
              StatusIs(absl::StatusCode::kInvalidArgument, "UNPUBLISH_TOO_EARLY"));
  article.content.embargo_until = kThree;
  EXPECT_THAT(ScheduleFor(article, {.publish_time = kOne, .unpublish_time = kTwo}, false, {}, kNoon),
              StatusIs(absl::StatusCode::kInvalidArgument, "UNPUBLISH_TOO_EARLY"));
}

TEST(Withdrawal, SurvivesPublications) {
  Article article = Scheduled({.publish_time = kOne, .unpublish_time = kThree});
  ASSERT_THAT(CarryOut(article, kOne), IsOk());
  Save(article);
  ASSERT_THAT(Publish(article, {}, kTwo, false), IsOk());

  EXPECT_EQ(article.schedule->unpublish_time, kThree);
}

TEST(Withdrawal, ThatHasPassedDoesNotStrikeALaterPublication) {
  Article article = Scheduled({.publish_time = kOne, .unpublish_time = kTwo});
  ASSERT_THAT(CarryOut(article, kOne), IsOk());
  ASSERT_THAT(Unpublish(article, kTwo), IsOk());

  ASSERT_THAT(Publish(article, {}, kThree, false), IsOk());

  EXPECT_FALSE(article.schedule->unpublish_time.has_value());
}

TEST(Withdrawal, EndsAPlanThatWasNotCarriedOutInTime) {
  Article article = Scheduled({.publish_time = kOne, .unpublish_time = kTwo});

  EXPECT_EQ(OutcomeOf(CarryOut(article, kTwo)), Outcome::kLapsed);

  EXPECT_EQ(article.state, State::kDraft);
  EXPECT_EQ(article.published_revision, 0);
  EXPECT_FALSE(article.schedule->due_time.has_value());
}

TEST(Withdrawal, CanBeCalledOff) {
  Article article = Scheduled({.publish_time = kOne, .unpublish_time = kTwo});
  ASSERT_THAT(CarryOut(article, kOne), IsOk());

  ASSERT_THAT(Unschedule(article, kOne), IsOk());

  EXPECT_EQ(article.state, State::kPublished);
  EXPECT_FALSE(article.schedule.has_value());
  EXPECT_THAT(Unschedule(article, kOne), StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));
}

TEST(Embargo, MakesAPublicationAPlanForItsEnd) {
  Article article = FitDraft();
  article.content.embargo_until = kOne;

  EXPECT_EQ(OutcomeOf(Publish(article, {}, kNoon, false)), Outcome::kPlanned);

  EXPECT_EQ(article.state, State::kScheduled);
  EXPECT_EQ(article.published_revision, 0);
  EXPECT_EQ(article.schedule->due_time, kOne);
  EXPECT_EQ(article.schedule->time_zone, "UTC");
  EXPECT_EQ(OutcomeOf(CarryOut(article, kOne)), Outcome::kPublished);
  EXPECT_EQ(article.publish_time, kOne);
}

TEST(Embargo, ThatIsOverHoldsNothingBack) {
  Article article = FitDraft();
  article.content.embargo_until = kNoon;

  EXPECT_EQ(OutcomeOf(Publish(article, {}, kNoon, false)), Outcome::kPublished);
}

TEST(Embargo, OfANewRevisionLeavesReadersTheFormer) {
  Article article = Published();
  Save(article);
  article.content.embargo_until = kOne;

  EXPECT_EQ(OutcomeOf(Publish(article, {}, kNoon, true)), Outcome::kPlanned);
  EXPECT_EQ(article.state, State::kPublished);
  EXPECT_EQ(article.published_revision, 1);
  // Asking again plans nothing new.
  EXPECT_EQ(OutcomeOf(Publish(article, {}, kNoon, true)), Outcome::kNothing);
  EXPECT_EQ(OutcomeOf(CarryOut(article, kOne)), Outcome::kUpdated);
  EXPECT_EQ(article.published_revision, 2);
  EXPECT_EQ(article.content_update_time, kOne);
}

TEST(Embargo, AndScheduleTogetherMeanTheLater) {
  for (const absl::Time embargo : {kOne, kThree}) {
    Article article = FitDraft();
    article.content.embargo_until = embargo;
    ASSERT_THAT(ScheduleFor(article, {.publish_time = kTwo}, false, {}, kNoon), IsOk());
    const absl::Time due = std::max(kTwo, embargo);
    EXPECT_EQ(article.schedule->due_time, due);
    EXPECT_EQ(article.schedule->publish_time, kTwo);

    ASSERT_THAT(CarryOut(article, due), IsOk());
    EXPECT_EQ(article.publish_time, due);
  }
}

TEST(Embargo, SavedLaterMovesAPlanThatFollowsTheLatest) {
  Article article = Scheduled({.publish_time = kOne}, /*follow_latest=*/true);
  article.content.embargo_until = kTwo;
  Save(article);
  EXPECT_EQ(article.schedule->due_time, kTwo);

  article.content.embargo_until.reset();
  Save(article);
  EXPECT_EQ(article.schedule->due_time, kOne);
}

TEST(Retract, TellsTheNoticeAndIsUndoneByReinstating) {
  Article article = Published();

  ASSERT_THAT(Retract(article, "We were wrong.", "staffMembers/olena", kOne), IsOk());
  EXPECT_EQ(article.state, State::kRetracted);
  EXPECT_EQ(article.retraction->notice, "We were wrong.");
  EXPECT_EQ(article.retraction->retract_time, kOne);
  EXPECT_EQ(article.content_update_time, kOne);

  article.legal_hold = true;
  EXPECT_THAT(Reinstate(article, kTwo), StatusIs(absl::StatusCode::kFailedPrecondition, "LEGAL_HOLD"));
  article.legal_hold = false;
  ASSERT_THAT(Reinstate(article, kTwo), IsOk());
  EXPECT_EQ(article.state, State::kPublished);
  EXPECT_FALSE(article.retraction.has_value());
  EXPECT_EQ(article.publish_time, kNoon);
}

TEST(Delete, CanBeUndoneForThirtyDays) {
  Article article = FitDraft();

  ASSERT_THAT(Delete(article, kNoon), IsOk());
  EXPECT_EQ(article.purge_time, kNoon + absl::Hours(30 * 24));
  ASSERT_THAT(Undelete(article, kOne), IsOk());

  EXPECT_EQ(article.state, State::kDraft);
  EXPECT_FALSE(article.delete_time.has_value());
  EXPECT_FALSE(article.purge_time.has_value());
}

}  // namespace
}  // namespace masthead::articles

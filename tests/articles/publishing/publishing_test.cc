#include "services/articles/publishing/publishing.h"

#include <functional>
#include <map>
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
  Outcome outcome;
  EXPECT_THAT(Publish(article, kNoon, false, outcome), IsOk());
  return article;
}

TEST(Publish, MakesADraftPublic) {
  Article article = FitDraft();
  Outcome outcome = Outcome::kNothing;

  EXPECT_THAT(Publish(article, kNoon, false, outcome), IsOk());

  EXPECT_EQ(outcome, Outcome::kPublished);
  EXPECT_EQ(article.state, State::kPublished);
  EXPECT_EQ(article.published_revision, 1);
  EXPECT_EQ(article.published_slug, "mobilization-in-crimea");
  EXPECT_EQ(article.publish_time, kNoon);
  EXPECT_EQ(article.content_update_time, kNoon);
}

TEST(Publish, KeepsTheFirstPublishTimeForEver) {
  Article article = Published();
  Outcome outcome;
  ASSERT_THAT(Unpublish(article, kNoon + absl::Hours(1)), IsOk());

  EXPECT_THAT(Publish(article, kNoon + absl::Hours(2), true, outcome), IsOk());

  EXPECT_EQ(outcome, Outcome::kPublished);
  EXPECT_EQ(article.publish_time, kNoon);
}

TEST(Publish, MovesContentUpdateTimeOnlyForSubstance) {
  Article article = Published();
  Outcome outcome;
  article.revision = 2;
  ASSERT_THAT(Publish(article, kNoon + absl::Hours(1), false, outcome), IsOk());
  EXPECT_EQ(outcome, Outcome::kUpdated);
  EXPECT_EQ(article.content_update_time, kNoon);

  article.revision = 3;
  ASSERT_THAT(Publish(article, kNoon + absl::Hours(2), true, outcome), IsOk());
  EXPECT_EQ(article.content_update_time, kNoon + absl::Hours(2));
}

TEST(Publish, ChangesNothingIfThatRevisionIsPublic) {
  Article article = Published();
  Outcome outcome = Outcome::kUpdated;

  EXPECT_THAT(Publish(article, kNoon + absl::Hours(1), true, outcome), IsOk());

  EXPECT_EQ(outcome, Outcome::kNothing);
  EXPECT_EQ(article.update_time, kNoon);
}

TEST(Publish, NamesEverythingThatIsMissing) {
  Article article;
  article.id = "a";
  article.content.lead_image = Image{.uri = "https://x.org/a.jpg"};
  article.content.body = {{"b", Image{.uri = "https://x.org/b.jpg"}}};
  Outcome outcome;

  EXPECT_THAT(FailedPublishChecks(article.content),
              ElementsAre("headline", "section", "byline", "slug", "lead_image_alt", "image_alt"));
  EXPECT_THAT(Publish(article, kNoon, false, outcome),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));
  EXPECT_EQ(article.state, State::kDraft);
  EXPECT_THAT(FailedPublishChecks(FitDraft().content), IsEmpty());
}

TEST(Schedule, PinsTheRevision) {
  Article article = FitDraft();

  ASSERT_THAT(ScheduleFor(article, {.publish_time = kNoon + absl::Hours(1)}, kNoon), IsOk());
  article.revision = 2;  // Saved again.
  EXPECT_TRUE(HasUnpublishedChanges(article));
  ASSERT_THAT(PublishScheduled(article, kNoon + absl::Hours(1) + absl::Seconds(3)), IsOk());

  EXPECT_EQ(article.published_revision, 1);
  EXPECT_EQ(article.publish_time, kNoon + absl::Hours(1));
  EXPECT_TRUE(HasUnpublishedChanges(article));
}

TEST(Schedule, RecordsBothTimesIfLate) {
  Article article = FitDraft();
  ASSERT_THAT(ScheduleFor(article, {.publish_time = kNoon + absl::Hours(1)}, kNoon), IsOk());

  ASSERT_THAT(PublishScheduled(article, kNoon + absl::Hours(2)), IsOk());

  EXPECT_EQ(article.publish_time, kNoon + absl::Hours(2));
  EXPECT_EQ(article.schedule->publish_time, kNoon + absl::Hours(1));
}

TEST(Schedule, RefusesThePast) {
  Article article = FitDraft();

  EXPECT_THAT(ScheduleFor(article, {.publish_time = kNoon}, kNoon),
              StatusIs(absl::StatusCode::kInvalidArgument, "SCHEDULE_IN_PAST"));
}

// Every (state, action) that the state machine does not have is refused.
TEST(StateMachine, IsClosed) {
  const std::map<std::string, std::pair<std::vector<State>, std::function<absl::Status(Article&)>>> actions = {
      {"Publish",
       {{State::kDraft, State::kPublished, State::kUnpublished},
        [](Article& a) {
          Outcome outcome;
          return Publish(a, kNoon, false, outcome);
        }}},
      {"PublishScheduled", {{State::kScheduled}, [](Article& a) { return PublishScheduled(a, kNoon); }}},
      {"Unpublish", {{State::kPublished}, [](Article& a) { return Unpublish(a, kNoon); }}},
      {"Schedule",
       {{State::kDraft}, [](Article& a) { return ScheduleFor(a, {.publish_time = kNoon + absl::Hours(1)}, kNoon); }}},
      {"Unschedule", {{State::kScheduled}, [](Article& a) { return Unschedule(a, kNoon); }}},
      {"Delete", {{State::kDraft, State::kUnpublished}, [](Article& a) { return Delete(a, kNoon); }}}};
  for (const auto& [name, action] : actions) {
    for (State state : {State::kDraft, State::kScheduled, State::kPublished, State::kUnpublished}) {
      Article article = FitDraft();
      article.state = state;
      article.schedule = Schedule{.publish_time = kNoon, .revision = 1};
      const bool allowed = std::count(action.first.begin(), action.first.end(), state) > 0;

      const absl::Status status = action.second(article);

      if (allowed) {
        EXPECT_THAT(status, IsOk()) << name << " from " << Name(state);
      } else {
        EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"))
            << name << " from " << Name(state);
        EXPECT_EQ(article.state, state);
      }
    }
  }
}

}  // namespace
}  // namespace masthead::articles

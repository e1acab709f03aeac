#include "services/articles/workers/schedule_worker.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "common/failpoint/failpoint.h"
#include "common/telemetry/metrics.h"
#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"
#include "tests/articles/planned_articles.h"
#include "tests/support/postgres_cluster.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class ScheduleWorkerTest : public Newsroom {
 protected:
  v1::Article Scheduled(const std::string& headline, absl::Duration in = absl::Hours(1)) {
    v1::Article scheduled;
    EXPECT_THAT(TrySchedule(Create(Draft(headline)).name(), absl::Now() + in, &scheduled), IsOk());
    return scheduled;
  }

  static Scope Soon() { return {.deadline = absl::Now() + absl::Seconds(20)}; }

  absl::StatusOr<int> PublishDue() { return articles_.schedule_worker().PublishDue(Soon(), 50, 0); }
  absl::StatusOr<int> WithdrawDue() { return articles_.schedule_worker().WithdrawDue(Soon(), 50, 0); }

  // Public in an hour, for an hour.
  v1::Article ScheduledForAnHour(const std::string& headline) {
    v1::ScheduleArticleRequest request;
    request.set_name(Create(Draft(headline)).name());
    request.set_etag("*");
    request.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(1)));
    request.mutable_unpublish_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(2)));
    request.set_time_zone("Europe/Kyiv");
    v1::Article scheduled;
    EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ScheduleArticle, request, &scheduled), IsOk());
    return scheduled;
  }

  void Hold(const v1::Article& article, bool hold) {
    postgres_.Execute(absl::StrCat("UPDATE articles SET legal_hold = ", hold ? "true" : "false", " WHERE uid = '",
                                   article.uid(), "'"));
  }

  int Publications() {
    int count = 0;
    for (const std::string& type : EventTypes()) count += type == "article.published" ? 1 : 0;
    return count;
  }
};

TEST_F(ScheduleWorkerTest, PublishesWhenDueAndNotBefore) {
  const v1::Article article = Scheduled("Crimea");
  EXPECT_EQ(article.state(), v1::Article::SCHEDULED);
  EXPECT_EQ(article.schedule().time_zone(), "Europe/Kyiv");
  EXPECT_EQ(article.schedule().revision(), 1);
  EXPECT_THAT(PublishDue(), IsOkAndHolds(0));

  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));
  EXPECT_THAT(PublishDue(), IsOkAndHolds(1));
  EXPECT_THAT(PublishDue(), IsOkAndHolds(0));

  const v1::Article published = Get(article.name());
  EXPECT_EQ(published.state(), v1::Article::PUBLISHED);
  EXPECT_EQ(TimeOf(published.publish_time()), TimeOf(article.schedule().publish_time()));
  EXPECT_EQ(Publications(), 1);
  const v1::ArticlePublished event = Events().back().article_published();
  EXPECT_TRUE(event.first_publication());
  EXPECT_EQ(TimeOf(event.scheduled_time()), TimeOf(article.schedule().publish_time()));
}

TEST_F(ScheduleWorkerTest, PublishesThePinnedRevisionUnderItsSlug) {
  v1::Article article = Scheduled("Planned headline");
  article.set_headline("Later headline");
  article = Update(article, {"headline"});
  EXPECT_TRUE(article.has_unpublished_changes());
  EXPECT_EQ(article.slug(), "later-headline");

  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));
  ASSERT_THAT(PublishDue(), IsOkAndHolds(1));

  v1::ReadArticleResponse read;
  ASSERT_THAT(Read("/en/planned-headline", &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Planned headline");
  const v1::Article after = Get(article.name());
  EXPECT_EQ(after.published_revision(), 1);
  EXPECT_TRUE(after.has_unpublished_changes());
  Publish(after);
  ASSERT_THAT(Read("/en/planned-headline", &read), IsOk());
  EXPECT_EQ(read.redirect().url_path(), "/en/later-headline");
}

TEST_F(ScheduleWorkerTest, RecordsBothTimesWhenItWasDownAtTheTime) {
  const v1::Article article = Scheduled("Crimea");
  postgres_.MoveClock(absl::Hours(3));
  ASSERT_THAT(PublishDue(), IsOkAndHolds(1));

  const v1::Article published = Get(article.name());
  EXPECT_GT(TimeOf(published.publish_time()), TimeOf(article.schedule().publish_time()) + absl::Hours(1));
  EXPECT_EQ(TimeOf(published.schedule().publish_time()), TimeOf(article.schedule().publish_time()));
}

TEST_F(ScheduleWorkerTest, PublishesOnceTheDatabaseIsBackWhatFellDueWhileItWasDown) {
  // The replica's way to Postgres is a link that the test can take away.
  const std::string& socket = testing::PostgresCluster::Get().folder();
  const std::filesystem::path link = std::filesystem::path(::testing::TempDir()) / absl::StrCat("pg", getpid());
  std::filesystem::create_directory_symlink(socket, link);
  db::Database database(
      {.dsn = absl::StrReplaceAll(postgres_.dsn(), {{socket, link.string()}}), .application_name = "cut-off-replica"});
  Articles replica(database, Clock::System(), key_);
  const v1::Article article = Scheduled("Crimea");
  replica.schedule_worker().Run(Soon());
  std::filesystem::remove(link);
  postgres_.Execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut-off-replica'");
  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));
  EXPECT_THAT(replica.schedule_worker().PublishDue(Soon(), 50, 0),
              StatusIs(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  replica.schedule_worker().Run(Soon());
  EXPECT_EQ(Publications(), 0);

  std::filesystem::create_directory_symlink(socket, link);
  replica.schedule_worker().Run(Soon());

  EXPECT_EQ(Publications(), 1);
  EXPECT_EQ(TimeOf(Get(article.name()).publish_time()), TimeOf(article.schedule().publish_time()));
  std::filesystem::remove(link);
}

TEST_F(ScheduleWorkerTest, TheDatabasesClockDecidesNotOurs) {
  v1::Article scheduled;
  postgres_.MoveClock(-absl::Minutes(10));
  const std::string name = Create(Draft("Crimea")).name();
  // Past by our clock, ten minutes behind; future by the database's.
  ASSERT_THAT(TrySchedule(name, absl::Now() - absl::Minutes(5), &scheduled), IsOk());
  EXPECT_THAT(PublishDue(), IsOkAndHolds(0));
  EXPECT_THAT(TrySchedule(Create(Draft("Other")).name(), absl::Now() - absl::Minutes(11)),
              StatusIs(absl::StatusCode::kInvalidArgument, "SCHEDULE_IN_PAST"));
}

TEST_F(ScheduleWorkerTest, ReplicasShareAThousandDueAtNine) {
  ASSERT_THAT(PlanArticles(postgres_.database(), 1000, absl::Now() + absl::Hours(1)), IsOk());
  postgres_.MoveClock(absl::Hours(2));
  Articles replica(postgres_.database(), Clock::System(), key_);
  std::atomic<int> total = 0;
  const auto work = [&](Articles& articles) {
    const Scope scope = {.deadline = absl::Now() + absl::Seconds(60)};
    for (int idle = 0; idle < 3;) {
      const absl::StatusOr<int> published = articles.schedule_worker().PublishDue(scope, 50, 0);
      ASSERT_THAT(published, IsOk());
      total += *published;
      idle = *published == 0 ? idle + 1 : 0;
    }
  };
  std::thread other([&] { work(replica); });
  work(articles_);
  other.join();

  EXPECT_EQ(total, 1000);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM event WHERE type = 'article.published'"), "1000");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM published_articles"), "1000");
}

TEST_F(ScheduleWorkerTest, WhatFailsOnTheWayIsDueStill) {
  const v1::Article article = Scheduled("Crimea");
  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));
  for (const char* point : {"articles.schedule.claimed=throw", "articles.publish.appended=throw"}) {
    const failpoint::ScopedFailpoints broken(point);
    EXPECT_THAT(PublishDue(), Not(IsOk()));
    EXPECT_EQ(Get(article.name()).state(), v1::Article::SCHEDULED);
  }
  EXPECT_THAT(PublishDue(), IsOkAndHolds(1));
  EXPECT_EQ(Publications(), 1);
}

TEST_F(ScheduleWorkerTest, WhatCannotBePublishedDoesNotHoldUpTheOthers) {
  Scheduled("Broken", absl::Minutes(50));
  const v1::Article sound = Scheduled("Sound", absl::Minutes(55));
  postgres_.Execute(
      "UPDATE article_revisions SET body = '[{\"kind\": \"unheard of\"}]' WHERE head->>'headline' = 'Broken'");
  postgres_.MoveClock(absl::Hours(1));

  articles_.schedule_worker().Run({.deadline = absl::Now() + absl::Seconds(20)});

  EXPECT_EQ(Get(sound.name()).state(), v1::Article::PUBLISHED);
  EXPECT_EQ(postgres_.QueryValue("SELECT state FROM articles WHERE published_slug = ''"), "SCHEDULED");
}

TEST_F(ScheduleWorkerTest, PublishesByItselfOnceStarted) {
  v1::Article article = Scheduled("Crimea", absl::Seconds(2));
  articles_.StartWorkers();
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (article.state() != v1::Article::PUBLISHED && absl::Now() < patience) {
    absl::SleepFor(absl::Milliseconds(50));
    article = Get(article.name());
  }
  articles_.StopWorkers();
  EXPECT_EQ(article.state(), v1::Article::PUBLISHED);
}

TEST_F(ScheduleWorkerTest, WithdrawsAtTheEndOfTheWindow) {
  const v1::Article article = ScheduledForAnHour("Crimea");
  EXPECT_EQ(article.schedule().local_unpublish_time().size(), sizeof("YYYY-MM-DDTHH:MM:SS") - 1);
  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));
  ASSERT_THAT(PublishDue(), IsOkAndHolds(1));
  ASSERT_THAT(WithdrawDue(), IsOkAndHolds(0));
  v1::Article published = Get(article.name());
  published.set_headline("Crimea, continued");
  Publish(Update(published, {"headline"}));

  postgres_.MoveClock(absl::Hours(1));
  articles_.schedule_worker().Run(Soon());

  EXPECT_EQ(Get(article.name()).state(), v1::Article::UNPUBLISHED);
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.updated", "article.unpublished"));
  v1::ReadArticleResponse read;
  EXPECT_THAT(Read(article.name(), &read), StatusIs(absl::StatusCode::kNotFound, "ARTICLE_NOT_FOUND"));
  // Published once more after its window, it stays.
  const v1::Article again = Publish(Get(article.name()));
  EXPECT_FALSE(again.schedule().has_unpublish_time());
  EXPECT_THAT(WithdrawDue(), IsOkAndHolds(0));
}

TEST_F(ScheduleWorkerTest, NeverShowsWhatWouldBeWithdrawnByNow) {
  const v1::Article article = ScheduledForAnHour("Crimea");
  postgres_.MoveClock(absl::Hours(3));

  articles_.schedule_worker().Run(Soon());

  const v1::Article lapsed = Get(article.name());
  EXPECT_EQ(lapsed.state(), v1::Article::DRAFT);
  EXPECT_FALSE(lapsed.schedule().has_due_time());
  EXPECT_THAT(ArticleEvents(), ElementsAre());
}

TEST_F(ScheduleWorkerTest, WhatLawyersHoldGoesOutWhenTheHoldEndsWithinItsWindow) {
  const v1::Article in_time = ScheduledForAnHour("In time");
  const v1::Article too_late = ScheduledForAnHour("Too late");
  for (const v1::Article* article : {&in_time, &too_late}) Hold(*article, true);
  postgres_.MoveClock(absl::Minutes(90));
  articles_.schedule_worker().Run(Soon());
  EXPECT_EQ(Get(in_time.name()).state(), v1::Article::SCHEDULED);
  EXPECT_THAT(ArticleEvents(), ElementsAre());
  EXPECT_THAT(telemetry::RenderMetrics(), HasSubstr("masthead_articles_schedules_held 2"));

  Hold(in_time, false);
  articles_.schedule_worker().Run(Soon());
  EXPECT_EQ(Get(in_time.name()).state(), v1::Article::PUBLISHED);
  EXPECT_EQ(Get(too_late.name()).state(), v1::Article::SCHEDULED);

  postgres_.MoveClock(absl::Hours(1));
  Hold(too_late, false);
  articles_.schedule_worker().Run(Soon());
  EXPECT_EQ(Get(too_late.name()).state(), v1::Article::DRAFT);
}

TEST_F(ScheduleWorkerTest, AHoldDoesNotKeepAnArticlePublicBeyondItsWindow) {
  const v1::Article article = ScheduledForAnHour("Crimea");
  postgres_.MoveClock(absl::Minutes(90));
  ASSERT_THAT(PublishDue(), IsOkAndHolds(1));
  Hold(article, true);
  postgres_.MoveClock(absl::Hours(1));

  EXPECT_THAT(WithdrawDue(), IsOkAndHolds(1));
}

TEST_F(ScheduleWorkerTest, CarriesOutAPlannedChangeToALiveArticle) {
  v1::Article article = Publish(Create(Draft("Crimea")));
  article.set_headline("Crimea, at noon");
  article = Update(article, {"headline"});
  ASSERT_THAT(TrySchedule(article.name(), absl::Now() + absl::Hours(1), &article), IsOk());
  EXPECT_EQ(article.state(), v1::Article::PUBLISHED);
  EXPECT_TRUE(article.schedule().has_due_time());
  article.set_headline("Crimea, in the evening");
  Update(article, {"headline"});
  v1::ReadArticleResponse read;
  ASSERT_THAT(Read(article.name(), &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Crimea");

  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));
  ASSERT_THAT(PublishDue(), IsOkAndHolds(1));

  ASSERT_THAT(Read(article.name(), &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Crimea, at noon");
  EXPECT_THAT(ArticleEvents(), ElementsAre("article.published", "article.updated"));
  EXPECT_TRUE(Get(article.name()).has_unpublished_changes());
}

TEST_F(ScheduleWorkerTest, FollowsTheLatestRevisionIfAskedTo) {
  v1::ScheduleArticleRequest request;
  v1::Article article = Create(Draft("First words"));
  request.set_name(article.name());
  request.set_etag("*");
  request.mutable_publish_time()->set_seconds(absl::ToUnixSeconds(absl::Now() + absl::Hours(1)));
  request.set_time_zone("Europe/Kyiv");
  request.set_follow_latest(true);
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ScheduleArticle, request, &article), IsOk());
  EXPECT_EQ(article.schedule().revision(), 0);
  article.clear_headline();
  EXPECT_THAT(TryUpdate(article, {"headline"}),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PUBLISH_CHECKS_FAILED"));
  article.set_headline("Last words");
  Update(article, {"headline"});
  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));

  ASSERT_THAT(PublishDue(), IsOkAndHolds(1));

  v1::ReadArticleResponse read;
  ASSERT_THAT(Read("/en/last-words", &read), IsOk());
  EXPECT_EQ(read.article().headline(), "Last words");
}

TEST_F(ScheduleWorkerTest, APlanCanBeCalledOff) {
  const v1::Article article = Scheduled("Crimea");
  EXPECT_THAT(TryPublish(article.name(), "*"), StatusIs(absl::StatusCode::kFailedPrecondition, "BAD_STATE"));
  v1::UnscheduleArticleRequest request;
  request.set_name(article.name());
  request.set_etag(article.etag());
  v1::Article draft;
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::UnscheduleArticle, request, &draft), IsOk());
  EXPECT_EQ(draft.state(), v1::Article::DRAFT);
  EXPECT_FALSE(draft.has_schedule());
  postgres_.MoveClock(absl::Hours(2));
  EXPECT_THAT(PublishDue(), IsOkAndHolds(0));
}

TEST_F(ScheduleWorkerTest, TakesTheDesksWallClock) {
  v1::ScheduleArticleRequest request;
  request.set_name(Create(Draft("Crimea")).name());
  request.set_etag("*");
  request.set_local_publish_time("2036-03-30T03:30");
  request.set_time_zone("Europe/Kyiv");
  v1::Article scheduled;
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ScheduleArticle, request, &scheduled),
              StatusIs(absl::StatusCode::kInvalidArgument, "LOCAL_TIME_SKIPPED"));
  request.set_local_publish_time("2036-10-26T03:30");
  ASSERT_THAT(Edit(&v1::ArticlesService::Stub::ScheduleArticle, request, &scheduled), IsOk());
  EXPECT_TRUE(scheduled.schedule().local_time_repeats());
  EXPECT_EQ(scheduled.schedule().local_publish_time(), "2036-10-26T03:30:00");
  request.set_time_zone("Mars/Phobos");
  EXPECT_THAT(Edit(&v1::ArticlesService::Stub::ScheduleArticle, request, &scheduled),
              StatusIs(absl::StatusCode::kInvalidArgument, "TIME_ZONE_UNKNOWN"));
}

}  // namespace
}  // namespace masthead::articles

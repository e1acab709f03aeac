#include "services/articles/workers/schedule_worker.h"

#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::testing::Not;

class ScheduleWorkerTest : public Newsroom {
 protected:
  v1::Article Scheduled(const std::string& headline, absl::Duration in = absl::Hours(1)) {
    v1::Article scheduled;
    EXPECT_THAT(TrySchedule(Create(Draft(headline)).name(), absl::Now() + in, &scheduled), IsOk());
    return scheduled;
  }

  absl::StatusOr<int> PublishDue() {
    return articles_.schedule_worker().PublishDue({.deadline = absl::Now() + absl::Seconds(20)}, 50, 0);
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
  const v1::Article first = Scheduled("Story");
  postgres_.Execute(
      "INSERT INTO articles SELECT 'copy-' || n, 'copy-' || n, language_code, state, version, revision, section_id, 0, "
      "'', "
      "schedule_publish_time, schedule_time_zone, schedule_local_time, schedule_time_repeats, schedule_revision, NULL, "
      "NULL, "
      "create_time, update_time, NULL FROM articles, generate_series(1, 299) n;"
      "INSERT INTO article_revisions SELECT 'copy-' || n, 1, jsonb_set(head, '{slug}', to_jsonb('copy-' || n)), body, "
      "word_count, editor, "
      "create_time FROM article_revisions, generate_series(1, 299) n;"
      "INSERT INTO article_slugs SELECT 'en', 'copy-' || n, 'copy-' || n, 'RESERVED' FROM generate_series(1, 299) n;");
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

  EXPECT_EQ(total, 300);
  EXPECT_EQ(Publications(), 300);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM published_articles"), "300");
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

// Kills a replica at each step of a scheduled publication, and looks at what is left.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "tests/articles/newsroom.h"
#include "tests/articles/planned_articles.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;

constexpr int kStories = 120;  // More than two batches.

class ScheduleCrash : public Newsroom {
 protected:
  // A replica on our database; its wait status is to be collected.
  pid_t StartReplica(const std::string& failpoints) {
    const std::string armed = "MASTHEAD_FAILPOINTS=" + failpoints;
    std::vector<char*> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
    environment.push_back(const_cast<char*>(armed.c_str()));
    environment.push_back(nullptr);
    std::string program = PUBLISHING_REPLICA;
    std::string dsn = postgres_.dsn();
    char* arguments[] = {program.data(), dsn.data(), nullptr};
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments, environment.data()), 0);
    return pid;
  }

  static int Wait(pid_t pid) {
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    return status;
  }

  void ExpectEachPublishedOnce(int stories = kStories) {
    EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM articles WHERE state = 'PUBLISHED'"), absl::StrCat(stories));
    EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM published_articles"), absl::StrCat(stories));
    EXPECT_EQ(postgres_.QueryValue("SELECT count(*) || ' ' || count(DISTINCT resource) FROM event "
                                   "WHERE type = 'article.published'"),
              absl::StrCat(stories, " ", stories));
  }
};

class ScheduleCrashTest : public ScheduleCrash, public ::testing::WithParamInterface<std::string> {};

TEST_P(ScheduleCrashTest, PublishesEachArticleOnceWhereverAReplicaDies) {
  ASSERT_THAT(PlanArticles(postgres_.database(), kStories, absl::Now() + absl::Hours(1)), IsOk());
  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));

  const int killed = Wait(StartReplica(GetParam()));
  EXPECT_TRUE(WIFSIGNALED(killed) && WTERMSIG(killed) == SIGKILL);
  EXPECT_EQ(Wait(StartReplica("")), 0);

  ExpectEachPublishedOnce();
}

TEST_P(ScheduleCrashTest, TheOtherReplicaDoesNotNoticeThatOneDies) {
  ASSERT_THAT(PlanArticles(postgres_.database(), kStories, absl::Now() + absl::Hours(1)), IsOk());
  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));

  const pid_t dying = StartReplica(GetParam());
  const pid_t healthy = StartReplica("");
  Wait(dying);
  EXPECT_EQ(Wait(healthy), 0);
  EXPECT_EQ(Wait(StartReplica("")), 0);  // What the dying one still held when the healthy one was done.

  ExpectEachPublishedOnce();
}

TEST_F(ScheduleCrash, AThousandDueAtOneSecondGoOutOnceThoughAReplicaDiesAmongThem) {
  constexpr int kThousand = 1000;
  ASSERT_THAT(PlanArticles(postgres_.database(), kThousand, absl::Now() + absl::Hours(1)), IsOk());
  postgres_.MoveClock(absl::Hours(1) + absl::Seconds(2));

  const pid_t dying = StartReplica("articles.publish.appended=kill@177");
  const pid_t healthy = StartReplica("");
  Wait(dying);
  EXPECT_EQ(Wait(healthy), 0);
  EXPECT_EQ(Wait(StartReplica("")), 0);  // What the dying one still held when the healthy one was done.

  ExpectEachPublishedOnce(kThousand);
}

TEST_F(ScheduleCrash, WithdrawsEachArticleOnceToo) {
  const absl::Time now = absl::Now();
  ASSERT_THAT(PlanArticles(postgres_.database(), kStories, now + absl::Hours(1), now + absl::Hours(2)), IsOk());
  postgres_.MoveClock(absl::Minutes(90));
  ASSERT_EQ(Wait(StartReplica("")), 0);
  ExpectEachPublishedOnce();
  postgres_.MoveClock(absl::Hours(1));

  const int killed = Wait(StartReplica("articles.withdrawal.claimed=kill@2"));
  EXPECT_TRUE(WIFSIGNALED(killed) && WTERMSIG(killed) == SIGKILL);
  EXPECT_EQ(Wait(StartReplica("")), 0);

  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM published_articles"), "0");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) || ' ' || count(DISTINCT resource) FROM event "
                                 "WHERE type = 'article.unpublished'"),
            absl::StrCat(kStories, " ", kStories));
}

std::vector<std::string> Points() {
  std::vector<std::string> points;
  for (const char* point : {"articles.schedule.claimed=kill@1", "articles.schedule.claimed=kill@2",
                            "articles.publish.appended=kill@7", "articles.publish.appended=kill@77", "db.commit=kill@1",
                            "db.commit=done_then_kill@1", "db.commit=done_then_kill@2"}) {
    points.emplace_back(point);
  }
  return points;
}

INSTANTIATE_TEST_SUITE_P(EveryPoint, ScheduleCrashTest, ::testing::ValuesIn(Points()), [](const auto& name) {
  return absl::StrReplaceAll(name.param, {{".", "_"}, {"=", "_"}, {"@", "_"}});
});

}  // namespace
}  // namespace masthead::articles

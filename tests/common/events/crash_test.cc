// Kills a consumer's process at each of its steps, and looks at what is left.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/events/newsroom.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::events {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::TestDatabase;

constexpr int kEvents = 25;

class CrashTest : public ::testing::TestWithParam<std::string> {
 protected:
  void Publish(const std::string& story, const std::string& type = "story.changed") {
    ASSERT_THAT(Change(feed_, owner_.database(), story, type), IsOk());
  }

  // The wait status of a consumer that runs until `count` events are done, or dies.
  int RunConsumer(const std::string& failpoints, int count) {
    const std::string armed = "MASTHEAD_FAILPOINTS=" + failpoints;
    std::vector<char*> environment;
    for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
    environment.push_back(const_cast<char*>(armed.c_str()));
    environment.push_back(nullptr);
    std::string program = CRASHING_CONSUMER;
    std::string owner = owner_.dsn();
    std::string ours = ours_.dsn();
    std::string expected = absl::StrCat(count);
    char* arguments[] = {program.data(), owner.data(), ours.data(), expected.data(), nullptr};
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, program.c_str(), nullptr, nullptr, arguments, environment.data()), 0);
    int status = 0;
    EXPECT_EQ(waitpid(pid, &status, 0), pid);
    // A dead replica's lease runs out by itself; the tests need not wait for that.
    ours_.Execute("UPDATE feed_cursor SET lease_time = '-infinity'");
    return status;
  }

  static bool WasKilled(int status) { return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL; }
  static bool Finished(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }

  TestDatabase owner_{Schema()};
  TestDatabase ours_{Schema()};
  Feed feed_{owner_.database(), TestKey()};
};

TEST_P(CrashTest, AppliesEachEventOnceWhateverHappensAtThePoint) {
  for (int i = 0; i < kEvents; ++i) Publish(absl::StrCat("stories/", i % 3));
  const int first = RunConsumer(GetParam(), kEvents);
  if (GetParam().find("kill") != std::string::npos) {
    EXPECT_TRUE(WasKilled(first));
    EXPECT_TRUE(Finished(RunConsumer("", kEvents)));
  } else {
    EXPECT_TRUE(Finished(first));
  }
  EXPECT_EQ(ours_.QueryValue("SELECT count(*) FROM effect"), absl::StrCat(kEvents));
  EXPECT_EQ(ours_.QueryValue("SELECT count(DISTINCT event_id) FROM effect"), absl::StrCat(kEvents));
  EXPECT_EQ(ours_.QueryValue("SELECT count(*) FROM parked_event"), "0");
  EXPECT_EQ(ours_.QueryValue("SELECT count(*) FROM (SELECT revision - lag(revision, 1, 0::bigint) OVER (PARTITION BY "
                             "resource ORDER BY seq) "
                             "AS step FROM effect) steps WHERE step <> 1"),
            "0");
}

std::vector<std::string> Points() {
  std::vector<std::string> points;
  for (const char* point : {"consumer.received", "consumer.applied", "consumer.commit", "db.commit"}) {
    for (const char* action : {"kill", "throw", "done_then_throw", "done_then_kill"}) {
      for (int hit : {1, 4, 12}) points.push_back(absl::StrCat(point, "=", action, "@", hit));
    }
  }
  return points;
}

INSTANTIATE_TEST_SUITE_P(EveryPoint, CrashTest, ::testing::ValuesIn(Points()), [](const auto& name) {
  std::string text = name.param;
  for (char& c : text) {
    if (c == '.' || c == '=' || c == '@') c = '_';
  }
  return text;
});

class CrashLoopTest : public CrashTest {};

TEST_F(CrashLoopTest, ParksAnEventThatKillsTheProcessAgainAndAgain) {
  Publish("stories/a");
  Publish("stories/deadly", "story.deadly");
  Publish("stories/b");
  int deaths = 0;
  while (deaths < 10 && WasKilled(RunConsumer("", 3))) ++deaths;
  EXPECT_EQ(deaths, 3);
  EXPECT_EQ(ours_.QueryValue("SELECT string_agg(resource, ' ' ORDER BY seq) FROM effect"), "stories/a stories/b");
  EXPECT_EQ(ours_.QueryValue("SELECT resource || ' ' || attempts FROM parked_event"), "stories/deadly 3");
}

}  // namespace
}  // namespace masthead::events

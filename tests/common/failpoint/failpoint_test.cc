#include "common/failpoint/failpoint.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace masthead::failpoint {
namespace {

using ::testing::Contains;
using ::testing::ExitedWithCode;
using ::testing::KilledBySignal;
using ::testing::Not;

TEST(FailPoint, UnarmedDoesItsAction) {
  int done = 0;
  Around("press.start", [&] { ++done; });
  EXPECT_EQ(done, 1);
  EXPECT_THAT(PassedPoints(), Not(Contains("press.start")));
}

TEST(FailPoint, ThrowsInsteadOfItsAction) {
  const ScopedFailpoints armed("press.start=throw");
  int done = 0;
  EXPECT_THROW(Around("press.start", [&] { ++done; }), InjectedFailure);
  EXPECT_THROW(Around("press.start", [&] { ++done; }), InjectedFailure);
  EXPECT_EQ(done, 0);
  EXPECT_NO_THROW(Hit("press.stop"));
}

TEST(FailPoint, ThrowsAfterItsAction) {
  const ScopedFailpoints armed("press.start=done_then_throw");
  int done = 0;
  EXPECT_THROW(Around("press.start", [&] { ++done; }), InjectedFailure);
  EXPECT_EQ(done, 1);
}

TEST(FailPoint, FiresAtTheHitThatIsNamed) {
  const ScopedFailpoints armed("press.start=throw@2, press.stop=throw");
  EXPECT_NO_THROW(Hit("press.start"));
  EXPECT_THROW(Hit("press.start"), InjectedFailure);
  EXPECT_NO_THROW(Hit("press.start"));
  EXPECT_THROW(Hit("press.stop"), InjectedFailure);
}

TEST(FailPoint, TakesItsTime) {
  const ScopedFailpoints armed("press.start=sleep:20");
  const absl::Time start = absl::Now();
  Hit("press.start");
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(20));
}

TEST(FailPoint, IsPassedOnlyOnceInTheList) {
  const ScopedFailpoints armed("");
  Hit("ink.pour");
  Hit("ink.pour");
  EXPECT_THAT(PassedPoints(), Contains("ink.pour").Times(1));
}

TEST(FailPoint, KillsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const ScopedFailpoints armed("press.start=kill");
        Around("press.start", [] { std::exit(3); });
      },
      KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(
      {
        const ScopedFailpoints armed("press.start=done_then_kill");
        Around("press.start", [] { static_cast<void>(write(STDERR_FILENO, "printed", 7)); });
      },
      KilledBySignal(SIGKILL), "printed");
}

TEST(FailPoint, IsArmedByTheEnvironment) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        setenv("MASTHEAD_FAILPOINTS", "press.start=throw@1", 1);
        try {
          Hit("press.start");
        } catch (const InjectedFailure&) {
          std::exit(4);
        }
      },
      ExitedWithCode(4), "");
}

TEST(FailPoint, AFaultThatIsNotUnderstoodEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  for (const char* points : {"press", "press=", "press=explode", "press=kill@0", "press=kill@x",
                             "press=sleep:", "press=sleep:600000", "=kill"}) {
    EXPECT_DEATH(ScopedFailpoints armed(points), "cannot make sense") << points;
  }
}

TEST(FailPoint, IsLoggedBeforeItFires) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::string log = std::filesystem::temp_directory_path() / absl::StrCat("masthead-failpoints-", getpid());
  // The process of the death test comes by here too, and keeps the name it inherited.
  setenv("MASTHEAD_FAILPOINTS_LOG", log.c_str(), 0);
  const std::string file = std::getenv("MASTHEAD_FAILPOINTS_LOG");
  EXPECT_EXIT(
      {
        setenv("MASTHEAD_FAILPOINTS", "press.stop=kill", 1);
        Hit("press.start");
        Hit("press.start");
        Hit("press.stop");
      },
      KilledBySignal(SIGKILL), "");
  unsetenv("MASTHEAD_FAILPOINTS_LOG");
  std::ifstream lines(file);
  std::string line;
  std::vector<std::string> names;
  while (std::getline(lines, line)) names.push_back(line);
  std::filesystem::remove(file);
  EXPECT_THAT(names, ::testing::ElementsAre("press.start", "press.stop"));
}

}  // namespace
}  // namespace masthead::failpoint

// A thousand articles due at one second: how long after it the last of them is public, with two replicas, and with two
// of which one is killed on the way.
//
//   schedule_bench [--articles=1000] [--rounds=5]
//
// Each replica is a process of its own with all its workers. Medians; exits with 1 if the last article of a round comes
// later than two seconds, or one was not announced exactly once.
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "services/articles/articles.h"
#include "tests/articles/planned_articles.h"
#include "tests/support/test_database.h"

ABSL_FLAG(int, articles, 1000, "How many are due at once.");
ABSL_FLAG(int, rounds, 5, "Of each kind.");
ABSL_FLAG(std::string, role, "", "For the program's own children.");
ABSL_FLAG(std::string, dsn, "", "For the program's own children.");

extern char** environ;

namespace masthead::articles {
namespace {

constexpr absl::Duration kBar = absl::Seconds(2);
constexpr absl::Duration kAhead = absl::Seconds(2);  // Of the due time, for replicas to start and sleep.
constexpr absl::Duration kPatience = absl::Seconds(60);

// Works until the parent lets go of our input.
int Replica() {
  db::Database database({.dsn = absl::GetFlag(FLAGS_dsn)});
  Articles articles(database, Clock::System(), crypto::MacKey::Random());
  articles.StartWorkers();
  std::string rest;
  std::getline(std::cin, rest);
  articles.StopWorkers();
  return 0;
}

class Child {
 public:
  explicit Child(const std::string& dsn) {
    int input[2];
    if (pipe(input) != 0) std::exit(2);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], 0);
    for (int end : input) posix_spawn_file_actions_addclose(&actions, end);
    std::string program = "/proc/self/exe";
    std::string role = "--role=replica";
    std::string database = absl::StrCat("--dsn=", dsn);
    char* arguments[] = {program.data(), role.data(), database.data(), nullptr};
    if (posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ) != 0) std::exit(2);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    input_ = input[1];
  }
  ~Child() {
    close(input_);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void Kill() const { kill(pid_, SIGKILL); }

 private:
  pid_t pid_ = 0;
  int input_ = -1;
};

int Public(testing::TestDatabase& postgres) {
  return std::atoi(postgres.QueryValue("SELECT count(*) FROM published_articles").c_str());
}

// From the due time until the last article is public.
absl::Duration Round(bool kill_one) {
  testing::TestDatabase postgres(Schema());
  postgres.Execute(
      "INSERT INTO sections (id, display_name, slug, description) VALUES ('national', 'National', 'national', '');"
      "INSERT INTO contributors (id, kind, display_name, biography, contact_email) "
      "VALUES ('news-desk', 'DESK', 'The news desk', '', '')");
  const int count = absl::GetFlag(FLAGS_articles);
  const absl::Time due = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now() + kAhead) + 1);
  if (const absl::Status planned = PlanArticles(postgres.database(), count, due); !planned.ok()) {
    std::cerr << planned << std::endl;
    std::exit(2);
  }
  const Child first(postgres.dsn());
  const Child second(postgres.dsn());
  int published = 0;
  bool killed = !kill_one;
  while (published < count && absl::Now() < due + kPatience) {
    absl::SleepFor(absl::Milliseconds(5));
    published = Public(postgres);
    if (!killed && published > count / 4) {
      first.Kill();
      killed = true;
    }
  }
  const absl::Duration took = absl::Now() - due;
  const std::string announced = postgres.QueryValue(
      "SELECT count(*) || ' ' || count(DISTINCT resource) FROM event WHERE type = 'article.published'");
  if (announced != absl::StrCat(count, " ", count)) {
    std::printf("announced (all, distinct): %s of %d\n", announced.c_str(), count);
    return absl::InfiniteDuration();
  }
  return took;
}

bool Measure(const char* title, bool kill_one) {
  std::vector<absl::Duration> rounds;
  for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) rounds.push_back(Round(kill_one));
  std::sort(rounds.begin(), rounds.end());
  std::printf("%-28s last of %d public after %.2f s (median), %.2f s (worst); bar %.0f s\n", title,
              absl::GetFlag(FLAGS_articles), absl::ToDoubleSeconds(rounds[rounds.size() / 2]),
              absl::ToDoubleSeconds(rounds.back()), absl::ToDoubleSeconds(kBar));
  return rounds.back() <= kBar;
}

int Run() {
  const bool two = Measure("two replicas", /*kill_one=*/false);
  const bool one_dies = Measure("two, one of them killed", /*kill_one=*/true);
  return two && one_dies ? 0 : 1;
}

}  // namespace
}  // namespace masthead::articles

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // As our binaries do.
  if (absl::GetFlag(FLAGS_role) == "replica") return masthead::articles::Replica();
  return masthead::articles::Run();
}

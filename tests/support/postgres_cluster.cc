#include "tests/support/postgres_cluster.h"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

extern char** environ;

namespace masthead::testing {
namespace {

[[noreturn]] void GiveUp(const char* why) {
  std::fprintf(stderr, "no Postgres for the tests: %s\n", why);
  std::exit(1);
}

// Starts the supervising script and returns the folder it prints. The write end of its standard input stays open, in
// this process alone, until this process ends: that is what ends the script.
std::string Start() {
  std::array<int, 2> input = {};
  std::array<int, 2> output = {};
  if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) GiveUp("no pipe");

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  std::string script = MASTHEAD_SOURCE_DIR "/tests/support/postgres_cluster.sh";
  std::array<char*, 2> arguments = {script.data(), nullptr};
  pid_t child = 0;
  if (posix_spawn(&child, script.c_str(), &actions, nullptr, arguments.data(), environ) != 0)
    GiveUp("cannot run postgres_cluster.sh");
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);

  std::string folder;
  std::array<char, 256> buffer = {};
  for (ssize_t count = 0; (count = read(output[0], buffer.data(), buffer.size())) > 0;)
    folder.append(buffer.data(), count);
  close(output[0]);
  if (folder.empty() || folder.back() != '\n') GiveUp("postgres_cluster.sh failed");
  folder.pop_back();
  return folder;
}

}  // namespace

const PostgresCluster& PostgresCluster::Get() {
  static const PostgresCluster cluster([]() -> std::string {
    const char* running = std::getenv("MASTHEAD_TEST_CLUSTER");
    return running != nullptr && *running != '\0' ? running : Start();
  }());
  return cluster;
}

std::string PostgresCluster::Dsn(const std::string& database) const {
  return "host=" + folder_ + " user=masthead dbname=" + database;
}

}  // namespace masthead::testing

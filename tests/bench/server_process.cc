#include "tests/bench/server_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "absl/strings/str_cat.h"

extern char** environ;

namespace masthead::bench {

ServerProcess::ServerProcess(const std::vector<std::string>& flags) {
  int input[2];
  int output[2];
  // Closed in every child but for what is duplicated: a later child that held an earlier one's input would keep it
  // alive.
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) std::exit(2);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], 0);
  posix_spawn_file_actions_adddup2(&actions, output[1], 1);
  std::vector<std::string> arguments = {"/proc/self/exe"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  if (posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, argv.data(), environ) != 0) std::exit(2);
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  std::string line;
  for (char c = 0; read(output[0], &c, 1) == 1 && c != '\n';) line += c;
  close(output[0]);
  std::istringstream words(line);
  for (std::string word; words >> word;) words_.push_back(word);
  if (words_.empty()) std::exit(2);
}

ServerProcess::~ServerProcess() {
  close(input_);
  waitpid(pid_, nullptr, 0);
}

std::string ServerProcess::target() const { return absl::StrCat("127.0.0.1:", words_[0]); }

void ServeUntilInputEnds(const std::string& line) {
  std::cout << line << std::endl;
  std::string rest;
  std::getline(std::cin, rest);
}

}  // namespace masthead::bench

// The fake Stripe (fake_stripe.py) as a process of its own.
#pragma once

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/http/client.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/status_matchers.h"

namespace masthead::memberships::stripe {

// Ends with this.
class FakeStripe {
 public:
  FakeStripe() {
    int to_child[2];
    int from_child[2];
    EXPECT_EQ(pipe(to_child) + pipe(from_child), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, to_child[0], 0);
    posix_spawn_file_actions_adddup2(&actions, from_child[1], 1);
    for (int end : {to_child[0], to_child[1], from_child[0], from_child[1]}) {
      posix_spawn_file_actions_addclose(&actions, end);
    }
    std::vector<std::string> words = absl::StrSplit(MASTHEAD_FAKE_STRIPE, ' ');
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    EXPECT_EQ(posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(to_child[0]);
    close(from_child[1]);
    input_ = to_child[1];
    std::string port;
    for (char c = 0; read(from_child[0], &c, 1) == 1 && c != '\n';) port += c;
    close(from_child[0]);
    base_url_ = absl::StrCat("http://127.0.0.1:", port);
  }
  ~FakeStripe() {
    close(input_);
    waitpid(pid_, nullptr, 0);
  }

  const std::string& base_url() const { return base_url_; }

  nlohmann::json Ask(const std::string& path, const nlohmann::json& body = nullptr) const {
    const absl::StatusOr<http::Answer> response = http::Send({}, {.method = body.is_null() ? "GET" : "POST",
                                                                  .url = absl::StrCat(base_url_, "/_fake/", path),
                                                                  .headers = {"Content-Type: application/json"},
                                                                  .body = body.is_null() ? "" : body.dump()});
    EXPECT_THAT(response, testing::IsOk());
    return response.ok() ? nlohmann::json::parse(response->body) : nlohmann::json();
  }
  nlohmann::json State() const { return Ask("state"); }
  // What happens to the next request to `path`.
  void Arm(const std::string& path, const std::string& fault, int times = 1) const {
    nlohmann::json faults = nlohmann::json::array();
    for (int i = 0; i < times; ++i) faults.push_back({{"path", path}, {"fault", fault}});
    Ask("faults", faults);
  }

 private:
  pid_t pid_ = 0;
  int input_ = -1;
  std::string base_url_;
};

}  // namespace masthead::memberships::stripe

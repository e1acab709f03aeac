#include "common/failpoint/failpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "common/base/mutex.h"

namespace masthead::failpoint {
namespace {

constexpr int kMaxSleepMs = 60'000;
constexpr size_t kMaxPassed = 1000;

enum class Action { kNone, kKill, kThrow, kDoneThenThrow, kDoneThenKill, kSleep };

struct Armed {
  Action action = Action::kNone;
  int hit = 0;  // 0: every hit.
  int sleep_ms = 0;
  int hits = 0;
};

[[noreturn]] void Refuse(absl::string_view text) {
  const std::string message = absl::StrCat("failpoint: cannot make sense of \"", text, "\"\n");
  std::fputs(message.c_str(), stderr);
  std::abort();
}

Armed ParseAction(absl::string_view text) {
  Armed armed;
  const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('@', 1));
  absl::string_view action = parts.first;
  if (!parts.second.empty() && (!absl::SimpleAtoi(parts.second, &armed.hit) || armed.hit < 1)) Refuse(text);
  if (action == "kill") {
    armed.action = Action::kKill;
  } else if (action == "throw") {
    armed.action = Action::kThrow;
  } else if (action == "done_then_throw") {
    armed.action = Action::kDoneThenThrow;
  } else if (action == "done_then_kill") {
    armed.action = Action::kDoneThenKill;
  } else if (absl::ConsumePrefix(&action, "sleep:")) {
    armed.action = Action::kSleep;
    if (!absl::SimpleAtoi(action, &armed.sleep_ms) || armed.sleep_ms < 0 || armed.sleep_ms > kMaxSleepMs) Refuse(text);
  } else {
    Refuse(text);
  }
  return armed;
}

std::map<std::string, Armed, std::less<>> Parse(absl::string_view text) {
  std::map<std::string, Armed, std::less<>> points;
  for (absl::string_view point : absl::StrSplit(text, ',', absl::SkipWhitespace())) {
    const std::vector<absl::string_view> parts = absl::StrSplit(point, absl::MaxSplits('=', 1));
    if (parts.size() != 2 || parts[0].empty()) Refuse(point);
    points[std::string(absl::StripAsciiWhitespace(parts[0]))] = ParseAction(absl::StripAsciiWhitespace(parts[1]));
  }
  return points;
}

class Registry {
 public:
  static Registry& Get() {
    static Registry& registry = *new Registry;  // Outlives every thread.
    return registry;
  }

  bool watching() const { return watching_.load(std::memory_order_relaxed); }

  // Counts the hit and tells what it shall do.
  Armed Pass(const char* name) {
    MutexLock lock(mutex_);
    if (passed_.size() < kMaxPassed && passed_.insert(name).second) Append(name);
    const auto found = points_.find(absl::string_view(name));
    if (found == points_.end()) return {};
    Armed& armed = found->second;
    ++armed.hits;
    return armed.hit == 0 || armed.hits == armed.hit ? armed : Armed{};
  }

  void Arm(absl::string_view points) {
    MutexLock lock(mutex_);
    points_ = Parse(points);
    watching_.store(true, std::memory_order_relaxed);
  }

  void ArmFromEnvironment() {
    MutexLock lock(mutex_);
    const char* points = std::getenv("MASTHEAD_FAILPOINTS");
    const char* log = std::getenv("MASTHEAD_FAILPOINTS_LOG");
    points_ = points != nullptr ? Parse(points) : decltype(points_){};
    log_ = log != nullptr ? log : "";
    watching_.store(points != nullptr || log != nullptr, std::memory_order_relaxed);
  }

  std::vector<std::string> passed() {
    MutexLock lock(mutex_);
    return {passed_.begin(), passed_.end()};
  }

 private:
  Registry() { ArmFromEnvironment(); }

  void Append(absl::string_view name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (log_.empty()) return;
    const int file = open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const std::string line = absl::StrCat(name, "\n");
    if (file < 0 || write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) Refuse(log_);
    close(file);
  }

  std::atomic<bool> watching_ = false;
  Mutex mutex_;
  std::map<std::string, Armed, std::less<>> points_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> passed_ ABSL_GUARDED_BY(mutex_);
  std::string log_ ABSL_GUARDED_BY(mutex_);
};

[[noreturn]] void Kill() {
  raise(SIGKILL);
  std::abort();
}

}  // namespace

void Around(const char* name, absl::FunctionRef<void()> action) {
  Registry& registry = Registry::Get();
  if (!registry.watching()) return action();

  const Armed armed = registry.Pass(name);
  if (armed.action == Action::kKill) Kill();
  if (armed.action == Action::kThrow) throw InjectedFailure(absl::StrCat("before ", name));
  if (armed.action == Action::kSleep) absl::SleepFor(absl::Milliseconds(armed.sleep_ms));
  action();
  if (armed.action == Action::kDoneThenKill) Kill();
  if (armed.action == Action::kDoneThenThrow) throw InjectedFailure(absl::StrCat("after ", name));
}

std::vector<std::string> PassedPoints() { return Registry::Get().passed(); }

ScopedFailpoints::ScopedFailpoints(absl::string_view points) { Registry::Get().Arm(points); }

ScopedFailpoints::~ScopedFailpoints() { Registry::Get().ArmFromEnvironment(); }

}  // namespace masthead::failpoint

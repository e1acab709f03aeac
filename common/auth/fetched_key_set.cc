#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/clock.h"
#include "common/auth/key_set.h"
#include "common/auth/public_key.h"
#include "common/base/mutex.h"
#include "common/telemetry/log.h"

namespace masthead::auth {
namespace {

constexpr absl::Duration kUnknownKidInterval = absl::Seconds(30);
constexpr absl::Duration kStaleAfter = absl::Hours(1);
constexpr absl::Duration kFirstRetry = absl::Seconds(1);
constexpr absl::Duration kLastRetry = absl::Seconds(30);

class RefreshedKeySet final : public KeySet {
 public:
  RefreshedKeySet(std::function<absl::StatusOr<std::string>()> fetch, const Clock& clock, absl::Duration refresh)
      : fetch_(std::move(fetch)), clock_(clock), refresh_(refresh), thread_([this] { Run(); }) {}

  ~RefreshedKeySet() override {
    {
      MutexLock lock(mutex_);
      stopping_ = true;
      changed_.NotifyAll();
    }
    thread_.join();
  }

  std::shared_ptr<const PublicKey> Find(absl::string_view kid) const override {
    const absl::Time now = clock_.Now();
    std::shared_ptr<const KeySet> keys;
    {
      MutexLock lock(mutex_);
      keys = Current(now);
    }
    if (keys == nullptr) return nullptr;
    std::shared_ptr<const PublicKey> key = keys->Find(kid);
    if (key == nullptr) AskForFetch(now);
    return key;
  }

  bool Ready() const override {
    const absl::Time now = clock_.Now();
    MutexLock lock(mutex_);
    return Current(now) != nullptr;
  }

  int64_t Generation() const override { return generation_.load(std::memory_order_acquire); }

 private:
  // Null if there is none, or none that may still be trusted.
  std::shared_ptr<const KeySet> Current(absl::Time now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return now - fetched_ > kStaleAfter ? nullptr : keys_;
  }

  void AskForFetch(absl::Time now) const {
    MutexLock lock(mutex_);
    if (now - last_asked_ < kUnknownKidInterval) return;
    last_asked_ = now;
    asked_ = true;
    changed_.NotifyAll();
  }

  void Run() {
    absl::Duration retry = kFirstRetry;
    while (true) {
      const bool fetched = Fetch();
      const absl::Duration pause = fetched ? refresh_ : std::min(retry, refresh_);
      retry = fetched ? kFirstRetry : std::min(retry * 2, kLastRetry);
      if (!Wait(absl::Now() + pause)) return;
    }
  }

  // Until `due`, or until somebody asks for a fetch. False when it is time to stop.
  bool Wait(absl::Time due) {
    MutexLock lock(mutex_);
    while (!stopping_ && !asked_) {
      if (!changed_.WaitUntil(mutex_, due)) break;
    }
    asked_ = false;
    return !stopping_;
  }

  bool Fetch() {
    const absl::Time start = clock_.Now();
    absl::StatusOr<std::string> document = fetch_();
    if (!document.ok()) return Failed(document.status());
    {
      MutexLock lock(mutex_);
      if (*document == document_) {
        fetched_ = start;
        return true;
      }
    }
    absl::StatusOr<std::unique_ptr<KeySet>> keys = ParseKeySet(*document);
    if (!keys.ok()) return Failed(keys.status());
    MutexLock lock(mutex_);
    document_ = *std::move(document);
    keys_ = *std::move(keys);
    fetched_ = start;
    generation_.fetch_add(1, std::memory_order_release);
    return true;
  }

  static bool Failed(const absl::Status& status) {
    telemetry::Warning("cannot fetch the keys that tokens are signed with", {{"error", std::string(status.message())}});
    return false;
  }

  const std::function<absl::StatusOr<std::string>()> fetch_;
  const Clock& clock_;
  const absl::Duration refresh_;

  mutable Mutex mutex_;
  mutable CondVar changed_;
  mutable bool asked_ ABSL_GUARDED_BY(mutex_) = false;
  mutable absl::Time last_asked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::string document_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const KeySet> keys_ ABSL_GUARDED_BY(mutex_);
  absl::Time fetched_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::atomic<int64_t> generation_ = 0;

  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace

std::unique_ptr<KeySet> FetchedKeySet(std::function<absl::StatusOr<std::string>()> fetch, const Clock& clock,
                                      absl::Duration refresh) {
  return std::make_unique<RefreshedKeySet>(std::move(fetch), clock, refresh);
}

}  // namespace masthead::auth

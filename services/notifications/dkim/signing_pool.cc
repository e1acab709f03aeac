#include "services/notifications/dkim/signing_pool.h"

#include <algorithm>
#include <utility>

namespace masthead::notifications::dkim {
namespace {

constexpr size_t kStretch = 8;  // Letters that a thread takes at once: neighbours share a body.

}  // namespace

struct SigningPool::Batch {
  const std::vector<std::string*>& letters;
  const std::vector<Identity>& identities;
  const absl::Time time;
  const size_t count;  // Of the letters; outlives them, for a thread that comes when all is done.

  Mutex mutex;
  CondVar done;
  size_t next ABSL_GUARDED_BY(mutex) = 0;
  int working ABSL_GUARDED_BY(mutex) = 0;
  absl::Status status ABSL_GUARDED_BY(mutex);
};

SigningPool::SigningPool(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Loop(); });
}

SigningPool::~SigningPool() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  for (std::thread& thread : threads_) thread.join();
}

absl::Status SigningPool::Sign(const std::vector<std::string*>& letters, const std::vector<Identity>& identities,
                               absl::Time time) {
  const auto batch = std::shared_ptr<Batch>(
      new Batch{.letters = letters, .identities = identities, .time = time, .count = letters.size()});
  if (letters.size() > kStretch && !threads_.empty()) {
    MutexLock lock(mutex_);
    // One mention for each thread that could be of use; whoever comes late finds nothing left.
    const size_t helpers = std::min(threads_.size(), (letters.size() - 1) / kStretch);
    waiting_.insert(waiting_.end(), helpers, batch);
    changed_.NotifyAll();
  }
  Work(*batch);
  {
    // What was not begun by others is of no use any more: the letters go with this call.
    MutexLock lock(mutex_);
    std::erase(waiting_, batch);
  }
  MutexLock lock(batch->mutex);
  while (batch->working > 0) batch->done.Wait(batch->mutex);
  return batch->status;
}

void SigningPool::Work(Batch& batch) {
  BodyHashes hashes;
  MutexLock lock(batch.mutex);
  ++batch.working;
  while (batch.next < batch.count && batch.status.ok()) {
    const size_t first = batch.next;
    const size_t end = std::min(batch.count, first + kStretch);
    batch.next = end;
    batch.mutex.Unlock();
    absl::Status status;
    for (size_t i = first; i < end && status.ok(); ++i) {
      absl::StatusOr<std::string> letter = dkim::Sign(*batch.letters[i], batch.identities, batch.time, hashes);
      status = letter.status();
      if (letter.ok()) *batch.letters[i] = *std::move(letter);
    }
    batch.mutex.Lock();
    batch.status.Update(status);
  }
  if (--batch.working == 0) batch.done.NotifyAll();
}

void SigningPool::Loop() {
  while (true) {
    std::shared_ptr<Batch> batch;
    {
      MutexLock lock(mutex_);
      while (waiting_.empty() && !stopping_) changed_.Wait(mutex_);
      if (stopping_) return;
      batch = std::move(waiting_.front());
      waiting_.pop_front();
    }
    Work(*batch);
  }
}

}  // namespace masthead::notifications::dkim

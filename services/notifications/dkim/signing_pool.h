// Threads that sign: an RSA signature costs ten times what handing a letter over does, so one sender's window is signed
// by all cores at once.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "services/notifications/dkim/signer.h"

namespace masthead::notifications::dkim {

// May be used by several threads at once.
class SigningPool {
 public:
  // `threads` beside those who ask: 0 signs on the caller's thread alone.
  explicit SigningPool(int threads);
  ~SigningPool();
  SigningPool(const SigningPool&) = delete;
  SigningPool& operator=(const SigningPool&) = delete;

  // Signs all of `letters` in place; blocks until they are, and helps. On an error none may be used.
  absl::Status Sign(const std::vector<std::string*>& letters, const std::vector<Identity>& identities, absl::Time time);

 private:
  struct Batch;

  void Loop();
  static void Work(Batch& batch);

  Mutex mutex_;
  CondVar changed_;
  std::deque<std::shared_ptr<Batch>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace masthead::notifications::dkim

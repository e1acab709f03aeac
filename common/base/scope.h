// How long a piece of work may take, and whether anybody still waits for it.
#pragma once

#include <atomic>

#include "absl/time/time.h"

namespace masthead {

// Set once, by the side that lost interest; polled by the side that works.
class Cancellation {
 public:
  void Cancel() { cancelled_.store(true, std::memory_order_release); }
  bool cancelled() const { return cancelled_.load(std::memory_order_acquire); }

 private:
  std::atomic<bool> cancelled_ = false;
};

// Bounds one piece of work. Cheap to copy; `cancellation` outlives the work.
struct Scope {
  absl::Time deadline = absl::InfiniteFuture();
  const Cancellation* cancellation = nullptr;

  bool cancelled() const { return cancellation != nullptr && cancellation->cancelled(); }
};

}  // namespace masthead

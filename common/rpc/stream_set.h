// The open streams of a server, so that a drain can end them.
#pragma once

#include <functional>
#include <set>

#include "absl/base/thread_annotations.h"
#include "common/base/mutex.h"

namespace masthead::rpc {

// Something that can be told to end soon. Thread-safe, short.
class Drainable {
 public:
  virtual ~Drainable() = default;
  virtual void Drain() = 0;
};

class StreamSet {
 public:
  void Add(Drainable& stream) {
    MutexLock lock(mutex_);
    streams_.insert(&stream);
    if (draining_) stream.Drain();
  }
  void Remove(Drainable& stream) {
    MutexLock lock(mutex_);
    streams_.erase(&stream);
  }
  // Also those that are added later.
  void DrainAll() {
    MutexLock lock(mutex_);
    draining_ = true;
    for (Drainable* stream : streams_) stream->Drain();
  }

 private:
  Mutex mutex_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<Drainable*> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace masthead::rpc

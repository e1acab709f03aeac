// Ends our side of a conversation with Postgres when nobody waits for it any more.
#pragma once

#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"

namespace masthead::db {

// Shuts the socket of a watched conversation down once its scope has ended: whoever blocks on it fails at once, and
// Postgres, which looks for that every few milliseconds (client_connection_check_interval), stops the statement. One
// thread, asleep while nothing is watched. Thread-safe.
class Watchdog {
 public:
  Watchdog();
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  struct Watched {
    int socket;
    Scope scope;
    bool cut = false;
  };

 public:
  // Watches for as long as it lives. `socket` stays open for longer, and names nothing else meanwhile.
  class Watch {
   public:
    Watch(Watchdog& watchdog, int socket, const Scope& scope);
    ~Watch() { End(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    // Stops watching; tells whether the socket was shut down.
    bool End();

   private:
    Watchdog& watchdog_;
    std::list<Watched>::iterator entry_;
    bool ended_ = false;
    bool cut_ = false;
  };

 private:
  void Run();
  // Cuts what is over; returns when to look again.
  absl::Time CutEnded(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Mutex mutex_;
  CondVar changed_;
  std::list<Watched> watched_ ABSL_GUARDED_BY(mutex_);
  absl::Time next_look_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace masthead::db

// What a server-streaming RPC gives to its template: messages, when asked for them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"

namespace masthead::rpc {

// One answer of a Stream.
template <typename Response>
struct Next {
  enum class Kind { kMessage, kWait, kEnd };

  static Next Message(Response message) { return {Kind::kMessage, std::move(message), {}}; }
  // Nothing to send now: ask again after `patience`, or sooner if woken.
  static Next Wait(absl::Duration patience) { return {Kind::kWait, {}, patience}; }
  // The stream is complete; the call ends with OK.
  static Next End() { return {Kind::kEnd, {}, {}}; }

  Kind kind;
  Response message;
  absl::Duration patience;
};

// One open call's source of messages. Asked by one executor thread at a time, and only when the client has taken the
// message before: a slow client costs memory for one message. Destroyed when the call ends.
template <typename Response>
class Stream {
 public:
  virtual ~Stream() = default;

  // An error ends the call with it. Never blocks beyond `scope`.
  virtual absl::StatusOr<Next<Response>> Ask(const Scope& scope) = 0;
};

// One open call in which both sides stream. Used by one executor thread at a time; the client's next message is read
// only when every answer to the one before was taken: memory for one message each way. Destroyed when the call ends.
template <typename Request, typename Response>
class Dialogue {
 public:
  virtual ~Dialogue() = default;

  // What the client says next. Called after Ask said Wait; an error ends the call with it. Never blocks beyond `scope`.
  virtual absl::Status Take(const Scope& scope, const Request& request) = 0;

  // The client has said everything.
  virtual absl::Status TakeEnd(const Scope& scope) = 0;

  // The next answer. Wait asks for the client's next message, or after the last one to be asked again after a while.
  virtual absl::StatusOr<Next<Response>> Ask(const Scope& scope) = 0;
};

// Wakes streams that wait. Thread-safe.
class Bell {
 public:
  // Calls `listener` at each Ring() until the returned handle is destroyed.
  class Subscription {
   public:
    Subscription(Bell& bell, std::function<void()> listener);
    ~Subscription();
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

   private:
    friend class Bell;
    Bell& bell_;
    std::function<void()> listener_;
  };

  void Ring();

 private:
  Mutex mutex_;
  std::set<Subscription*> subscriptions_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace masthead::rpc

// The open connections of one Database.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/db/connection.h"

namespace masthead::db {

// At most `max_connections` connections, opened when they are first needed; the one used last is used next, so that
// under little load the others may grow old and die. Thread-safe.
class Pool {
 public:
  // `dsns` name the hosts to try, the last good one first.
  Pool(std::vector<std::string> dsns, int max_connections, absl::Duration max_wait);

  // A connection on loan; given back at the end of its life, closed if it broke or was left in a transaction.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection) : pool_(&pool), connection_(std::move(connection)) {}
    ~Lease();
    Lease(Lease&& slot, std::unique_ptr<Connection> connection);
    Lease(Lease&& other) noexcept : pool_(other.pool_), connection_(std::move(other.connection_)) {
      other.pool_ = nullptr;
    }
    Lease& operator=(Lease&&) = delete;

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    void Discard() { connection_.reset(); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  // Fails with RESOURCE_EXHAUSTED if all connections stay in use for `max_wait`, or as Connection::Open.
  absl::StatusOr<Lease> Acquire(const Scope& scope);

  // A connection beside the pool's, to the host that the pool would try.
  absl::StatusOr<std::unique_ptr<Connection>> Open(const Scope& scope);

  // Closes the connections that nobody uses: what broke one has probably broken them.
  void DiscardIdle();

  int in_use() const;
  int open() const;

 private:
  absl::Status AwaitSlot(const Scope& scope) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void GiveBack(std::unique_ptr<Connection> connection);

  const std::vector<std::string> dsns_;
  const int max_connections_;
  const absl::Duration max_wait_;

  mutable Mutex mutex_;
  CondVar given_back_;
  int in_use_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t host_ ABSL_GUARDED_BY(mutex_) = 0;  // Of dsns_; the one to try first.
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace masthead::db

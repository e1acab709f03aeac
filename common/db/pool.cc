#include "common/db/pool.h"

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/telemetry/metrics.h"

namespace masthead::db {
namespace {

// The connect_timeout of one host. libpq keeps its own only when it connects blocking.
constexpr absl::Duration kConnectTimeout = absl::Seconds(3);

prometheus::Gauge& InUse() {
  static prometheus::Gauge& gauge =
      telemetry::Gauge("masthead_database_connections_in_use", "Database connections that transactions hold.");
  return gauge;
}

prometheus::Histogram& WaitSeconds() {
  static prometheus::Histogram& histogram = telemetry::LatencySeconds(
      "masthead_database_pool_wait_seconds", "Time until a transaction had a free database connection, or gave up.");
  return histogram;
}

}  // namespace

Pool::Pool(std::vector<std::string> dsns, int max_connections, absl::Duration max_wait)
    : dsns_(std::move(dsns)), max_connections_(max_connections), max_wait_(max_wait) {
  telemetry::Gauge("masthead_database_connections_limit", "Database connections that this process may have.")
      .Set(max_connections);
}

absl::Status Pool::AwaitSlot(const Scope& scope) {
  const absl::Time start = absl::Now();
  const absl::Time patience = std::min(scope.deadline, start + max_wait_);
  const absl::Cleanup observe = [&] { WaitSeconds().Observe(absl::ToDoubleSeconds(absl::Now() - start)); };
  while (in_use_ == max_connections_) {
    if (!given_back_.WaitUntil(mutex_, patience) && in_use_ == max_connections_) {
      return absl::ResourceExhaustedError("all database connections are in use");
    }
  }
  ++in_use_;
  InUse().Increment();
  return absl::OkStatus();
}

absl::StatusOr<Pool::Lease> Pool::Acquire(const Scope& scope) {
  std::vector<std::unique_ptr<Connection>> dead;  // Closed outside the lock.
  {
    MutexLock lock(mutex_);
    RETURN_IF_ERROR(AwaitSlot(scope));
    while (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      if (connection->Reusable()) return Lease(*this, std::move(connection));
      dead.push_back(std::move(connection));
    }
  }
  Lease slot(*this, nullptr);  // Given back if no connection can be opened.
  ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, Open(scope));
  return Lease(std::move(slot), std::move(connection));
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::Open(const Scope& scope) {
  absl::StatusOr<std::unique_ptr<Connection>> connection = absl::UnavailableError("no host");
  for (size_t tried = 0; tried < dsns_.size(); ++tried) {
    size_t host = 0;
    {
      MutexLock lock(mutex_);
      host = host_;
    }
    const absl::Time host_deadline = absl::Now() + kConnectTimeout;
    const Scope attempt = {.deadline = std::min(scope.deadline, host_deadline), .cancellation = scope.cancellation};
    connection = Connection::Open(dsns_[host], attempt);
    if (connection.ok() || absl::IsCancelled(connection.status())) return connection;
    {
      MutexLock lock(mutex_);
      // The next caller starts with the next host, so that even calls too short to try two hosts find the one that
      // answers.
      if (host_ == host) host_ = (host + 1) % dsns_.size();
    }
    if (absl::IsDeadlineExceeded(connection.status()) && scope.deadline > host_deadline) {
      connection = absl::UnavailableError("the database host does not answer");
    }
    if (absl::Now() >= scope.deadline) return connection;
  }
  return connection;
}

void Pool::DiscardIdle() {
  std::vector<std::unique_ptr<Connection>> idle;
  MutexLock lock(mutex_);
  idle.swap(idle_);
}

int Pool::in_use() const {
  MutexLock lock(mutex_);
  return in_use_;
}

int Pool::open() const {
  MutexLock lock(mutex_);
  return in_use_ + static_cast<int>(idle_.size());
}

void Pool::GiveBack(std::unique_ptr<Connection> connection) {
  const bool reusable = connection != nullptr && connection->Reusable();
  if (!reusable) connection.reset();
  {
    MutexLock lock(mutex_);
    --in_use_;
    InUse().Decrement();
    if (reusable) idle_.push_back(std::move(connection));
  }
  given_back_.NotifyOne();
}

Pool::Lease::Lease(Lease&& slot, std::unique_ptr<Connection> connection)
    : pool_(std::exchange(slot.pool_, nullptr)), connection_(std::move(connection)) {}

Pool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->GiveBack(std::move(connection_));
}

}  // namespace masthead::db

// Transactions against one service's Postgres schema.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "common/base/scope.h"
#include "common/db/types.h"

namespace masthead::db {

class Connection;
class Pool;
class Watchdog;

// An open transaction. Stores take one by reference; only Database makes them.
class Transaction {
 public:
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Runs one statement with `$1`, `$2`... bound to `args`. `sql` is a named constant with static storage: its address
  // keys the connection's prepared statement. Throws on failure; let it: Database turns what libpqxx throws into a
  // Status.
  template <typename... Args>
  pqxx::result Query(const char* sql, const Args&... args) {
    const std::string& statement = Prepare(sql);
    return work_.exec_prepared(statement, parameter::Bind(args)...);
  }

  // Same, for a statement that is put together at run time, from constants only: what comes from a caller is among the
  // `parameters`. Postgres plans it anew each time, for the values it is given.
  pqxx::result QueryComposed(const std::string& sql, const Parameters& parameters);

  // Runs once, after the commit has succeeded, on the thread that made the transaction: waking a feed, dropping a cache
  // entry. Never anything that must not be lost.
  void AfterCommit(std::function<void()> action) { after_commit_.push_back(std::move(action)); }

 private:
  friend class Database;
  Transaction(pqxx::transaction_base& work, Connection& connection, bool single)
      : work_(work), connection_(connection), single_(single) {}

  const std::string& Prepare(const char* sql);
  void CountStatement();

  pqxx::transaction_base& work_;
  Connection& connection_;
  const bool single_;
  bool used_ = false;
  std::vector<std::function<void()>> after_commit_;
};

// What Database returns for a body that returns T: T itself if it is a Status or a StatusOr, else StatusOr<T>.
template <typename T>
struct TransactionResult {
  using type = absl::StatusOr<T>;
};
template <>
struct TransactionResult<absl::Status> {
  using type = absl::Status;
};
template <typename T>
struct TransactionResult<absl::StatusOr<T>> {
  using type = absl::StatusOr<T>;
};

struct DatabaseOptions {
  // A libpq connection string or URI; may name several hosts. HardenDsn() is applied to it; where that refuses, so does
  // every call. Each connection is made to the host that answered last.
  std::string dsn;
  int max_connections = 4;
  // How long a call may wait for a connection before it is answered "busy".
  absl::Duration max_pool_wait = absl::Milliseconds(250);
  // Names our sessions in pg_stat_activity.
  std::string application_name = "masthead";
};

// A pool of connections, and the only way to a Transaction. Thread-safe.
//
// Every wait is bounded on our side of the wire: a watchdog cuts the connection of a transaction whose scope has ended,
// so that a frozen or unreachable Postgres costs a caller its deadline and not more, and Postgres stops a statement
// that nobody waits for within 50 ms. A scope without a deadline gets one of 60 s; work that needs longer is cut into
// slices. Only the name service can hold up a new connection for longer.
//
// Round trips: BEGIN with its settings is one, each Query one, COMMIT one; the end of a read and a rollback are not
// waited for. A Single has no frame, and is one round trip.
class Database {
 public:
  explicit Database(const DatabaseOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  template <typename Body>
  using Result = typename TransactionResult<std::invoke_result_t<Body, Transaction&>>::type;

  // Calls `body(tx)`. Commits if the result is OK, else rolls back and returns it.
  //
  // `body` may run more than once: after a conflict that Postgres resolved by aborting us, after a connection that
  // broke, and also after a commit whose answer was lost. So it touches nothing but `tx` and what it returns, and it is
  // a unit that may be repeated: an idempotency claim, a unique key or an epoch makes a second run after a commit find
  // the first one's effect.
  //
  // Fails with UNAVAILABLE (DATABASE_UNAVAILABLE, or SERVER_BUSY if the pool is exhausted), ABORTED (CONFLICT:
  // conflicts beyond our retries, or a lock that was not given within a second), DEADLINE_EXCEEDED, CANCELLED,
  // INVALID_ARGUMENT (text that cannot be stored) or INTERNAL; what Postgres said is logged and never told. After
  // UNAVAILABLE, DEADLINE_EXCEEDED and CANCELLED the unit may have been committed all the same. What else `body` throws
  // passes through, after a rollback.
  template <typename Body>
  Result<Body> Write(const Scope& scope, Body&& body) {
    return Run(Mode::kReadWrite, scope, body);
  }

  // Same, but read-only.
  template <typename Body>
  Result<Body> Read(const Scope& scope, Body&& body) {
    return Run(Mode::kReadOnly, scope, body);
  }

  // Same, for a body of one statement at most, reading or writing, which is its own transaction: a third of what the
  // frame would cost. What `body` returns after a statement that wrote does not undo it.
  template <typename Body>
  Result<Body> Single(const Scope& scope, Body&& body) {
    return Run(Mode::kSingle, scope, body);
  }

  // Whether a transaction can be opened within `patience` just now, on a connection of its own beside the pool: a busy
  // server is ready. For readiness.
  absl::Status Ping(absl::Duration patience);

  // Connections in use and open, for metrics.
  struct PoolUse {
    int in_use = 0;
    int open = 0;
  };
  PoolUse pool_use() const;

 private:
  enum class Mode { kReadOnly, kReadWrite, kSingle };

  template <typename Body>
  Result<Body> Run(Mode mode, const Scope& scope, Body& body) {
    if constexpr (std::is_same_v<Result<Body>, absl::Status>) {
      return RunWithRetries(mode, scope, body);
    } else {
      Result<Body> result = absl::UnknownError("transaction did not run");
      absl::Status status = RunWithRetries(mode, scope, [&](Transaction& tx) {
        result = body(tx);
        return result.status();
      });
      if (!status.ok()) return status;
      return result;
    }
  }

  using AnyBody = absl::FunctionRef<absl::Status(Transaction&)>;
  absl::Status RunWithRetries(Mode mode, const Scope& scope, AnyBody body);

  struct Attempt;
  Attempt RunOnce(Mode mode, const Scope& scope, AnyBody body);
  Attempt RunOn(Connection& connection, Mode mode, const Scope& scope, AnyBody body);

  const absl::Status refusal_;  // Not OK if the connection string was refused.
  std::unique_ptr<Watchdog> watchdog_;
  std::unique_ptr<Pool> pool_;

  Mutex ping_mutex_;
  std::unique_ptr<Connection> ping_connection_ ABSL_GUARDED_BY(ping_mutex_);
};

}  // namespace masthead::db

#include "common/db/database.h"

#include <algorithm>
#include <random>
#include <stdexcept>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/db/connection.h"
#include "common/db/dsn.h"
#include "common/db/failure.h"
#include "common/db/pool.h"
#include "common/db/watchdog.h"
#include "common/failpoint/failpoint.h"
#include "common/telemetry/metrics.h"

namespace masthead::db {
namespace {

constexpr int kMaxAttempts = 5;
constexpr absl::Duration kLongestTransaction = absl::Seconds(60);
// So much earlier than the watchdog does Postgres stop a statement by itself, which keeps the connection.
constexpr absl::Duration kStatementMargin = absl::Milliseconds(10);

absl::Duration Backoff(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const absl::Duration ceiling = absl::Milliseconds(5) * (1 << attempt);
  return std::uniform_real_distribution<>(0.5, 1.0)(random) * ceiling;
}

std::vector<std::string> Hosts(const DatabaseOptions& options) {
  const absl::StatusOr<std::string> dsn = HardenDsn(options.dsn, options.application_name);
  return dsn.ok() ? SplitHosts(*dsn) : std::vector<std::string>{};
}

std::string BeginSql(bool read_only, absl::Time deadline) {
  const absl::Duration left = deadline - absl::Now() - kStatementMargin;
  return absl::StrCat(read_only ? "BEGIN READ ONLY" : "BEGIN",
                      "; SET LOCAL statement_timeout = ", std::max<int64_t>(absl::ToInt64Milliseconds(left), 1));
}

prometheus::Histogram& TransactionSeconds(const std::string& kind) {
  return telemetry::LatencySeconds("masthead_database_transaction_seconds",
                                   "From asking for a connection to the end of the last attempt.", {{"kind", kind}});
}

// A commit whose answer a fail point took away is one whose answer the network took away.
void CommitOrDoubt(Connection& connection) try {
  failpoint::Around("db.commit", [&] { connection.Commit(); });
} catch (const failpoint::InjectedFailure& e) {
  throw pqxx::in_doubt_error(e.what());
}

}  // namespace

struct Database::Attempt {
  absl::Status status;
  bool repeat = false;
  bool broken = false;
  std::vector<std::function<void()>> after_commit = {};
};

const std::string& Transaction::Prepare(const char* sql) {
  CountStatement();
  return connection_.Prepare(sql);
}

void Transaction::CountStatement() {
  if (single_ && used_) throw std::logic_error("a second statement without a transaction around both");
  used_ = true;
}

pqxx::result Transaction::QueryComposed(const std::string& sql, const Parameters& parameters) {
  CountStatement();
  connection_.NoteComposed(sql);
  return work_.exec_params(sql, pqxx::prepare::make_dynamic_params(parameters.values()));
}

Database::Database(const DatabaseOptions& options)
    : refusal_(HardenDsn(options.dsn, options.application_name).status()),
      watchdog_(std::make_unique<Watchdog>()),
      pool_(std::make_unique<Pool>(Hosts(options), options.max_connections, options.max_pool_wait)) {}

Database::~Database() = default;

absl::Status Database::RunWithRetries(Mode mode, const Scope& scope, AnyBody body) {
  static prometheus::Counter& repeats = telemetry::Counter(
      "masthead_database_repeats_total", "Transactions run again after a conflict or a lost connection.");
  static prometheus::Histogram& reads = TransactionSeconds("read");
  static prometheus::Histogram& writes = TransactionSeconds("write");
  static prometheus::Histogram& singles = TransactionSeconds("single");
  if (!refusal_.ok()) return refusal_;

  const absl::Time start = absl::Now();
  const absl::Cleanup observe = [&] {
    prometheus::Histogram& seconds = mode == Mode::kReadOnly ? reads : mode == Mode::kReadWrite ? writes : singles;
    seconds.Observe(absl::ToDoubleSeconds(absl::Now() - start));
  };
  const Scope bounded = {.deadline = std::min(scope.deadline, start + kLongestTransaction),
                         .cancellation = scope.cancellation};
  for (int attempt = 1;; ++attempt) {
    Attempt result = RunOnce(mode, bounded, body);
    if (result.status.ok()) {
      for (const auto& action : result.after_commit) action();
      return result.status;
    }
    const absl::Duration backoff = Backoff(attempt);
    const bool again =
        result.repeat && attempt < kMaxAttempts && !scope.cancelled() && absl::Now() + backoff < bounded.deadline;
    if (!again) return std::move(result.status);
    repeats.Increment();
    absl::SleepFor(backoff);
  }
}

Database::Attempt Database::RunOnce(Mode mode, const Scope& scope, AnyBody body) {
  if (scope.cancelled()) return {.status = CancelledStatus()};
  if (absl::Now() >= scope.deadline) return {.status = DeadlineStatus()};

  absl::StatusOr<Pool::Lease> lease = pool_->Acquire(scope);
  if (!lease.ok()) {
    const absl::Status& status = lease.status();
    if (absl::IsCancelled(status)) return {.status = CancelledStatus()};
    if (absl::Now() >= scope.deadline) return {.status = DeadlineStatus()};
    if (absl::IsResourceExhausted(status)) return {.status = BusyStatus()};
    return {.status = UnavailableStatus(status.message()), .repeat = true};
  }
  Attempt attempt = RunOn(**lease, mode, scope, body);
  if (attempt.broken) {
    lease->Discard();
    pool_->DiscardIdle();
  }
  return attempt;
}

Database::Attempt Database::RunOn(Connection& connection, Mode mode, const Scope& scope, AnyBody body) {
  const bool read_only = mode == Mode::kReadOnly;
  Attempt attempt;
  Watchdog::Watch watch(*watchdog_, connection.socket(), scope);
  // Whatever happens the session is left outside any transaction.
  const absl::Cleanup leave = [&] { connection.Leave("ROLLBACK"); };
  try {
    connection.PrepareSession();
    if (mode != Mode::kSingle) connection.Begin(BeginSql(read_only, scope.deadline));
    pqxx::nontransaction work(connection.session());  // The frame is ours.
    Transaction tx(work, connection, mode == Mode::kSingle);
    attempt.status = body(tx);
    if (!attempt.status.ok()) return attempt;
    if (mode == Mode::kReadOnly) connection.Leave("COMMIT");
    if (mode == Mode::kReadWrite) CommitOrDoubt(connection);
    attempt.after_commit = std::move(tx.after_commit_);
  } catch (...) {
    Failure failure = ExplainCurrentException(
        {.read_only = read_only, .cut = watch.End(), .cancelled = scope.cancelled(), .sql = connection.last_sql()});
    return {.status = std::move(failure.status), .repeat = failure.repeat, .broken = failure.broken};
  }
  return attempt;
}

absl::Status Database::Ping(absl::Duration patience) {
  if (!refusal_.ok()) return refusal_;
  const Scope scope = {.deadline = absl::Now() + patience};
  MutexLock lock(ping_mutex_);
  if (ping_connection_ == nullptr || !ping_connection_->Reusable()) {
    absl::StatusOr<std::unique_ptr<Connection>> connection = pool_->Open(scope);
    if (!connection.ok()) return UnavailableStatus(connection.status().message());
    ping_connection_ = *std::move(connection);
  }
  Attempt attempt = RunOn(*ping_connection_, Mode::kReadOnly, scope, [](Transaction&) { return absl::OkStatus(); });
  if (!attempt.status.ok()) ping_connection_ = nullptr;
  return std::move(attempt.status);
}

Database::PoolUse Database::pool_use() const { return {.in_use = pool_->in_use(), .open = pool_->open()}; }

}  // namespace masthead::db

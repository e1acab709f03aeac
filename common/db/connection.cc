#include "common/db/connection.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace masthead::db {
namespace {

// Sets what a session of ours relies on, in one round trip:
//   text forms of times and bytes that types.h can read;
//   a bound on every wait for a lock, and on a transaction that we left open;
//   how soon Postgres notices that we have hung up;
//   no statement compiled to machine code, which takes seconds where the planner errs, and gains us nothing where not.
constexpr char kPrepareSession[] =
    "SET client_encoding = 'UTF8'; SET datestyle = 'ISO'; SET timezone = 'UTC'; SET bytea_output = 'hex';"
    "SET lock_timeout = '1s'; SET idle_in_transaction_session_timeout = '10s';"
    "SET client_connection_check_interval = '20ms'; SET jit = 'off'";

// How often a cancellation is looked at while we connect.
constexpr absl::Duration kGlance = absl::Milliseconds(10);

struct ScopeEnded {};

// Waits until `handle` may be read or written. Throws ScopeEnded.
void Await(PGconn* handle, PostgresPollingStatusType what, const Scope& scope) {
  pollfd socket = {PQsocket(handle), static_cast<short>(what == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
  for (;;) {
    const absl::Duration left = scope.deadline - absl::Now();
    if (scope.cancelled() || left <= absl::ZeroDuration()) throw ScopeEnded();
    const absl::Duration patience =
        scope.cancellation != nullptr ? std::min(left, kGlance) : std::min(left, absl::Seconds(1));
    if (poll(&socket, 1, static_cast<int>(absl::ToInt64Milliseconds(patience)) + 1) > 0) return;
  }
}

// How libpqxx is told to connect: once, without blocking beyond `scope`.
class ConnectWithin final : public pqxx::connectionpolicy {
 public:
  ConnectWithin(const std::string& dsn, const Scope& scope) : connectionpolicy(dsn), scope_(scope) {}

  handle do_startconnect(handle existing) override {
    if (existing != nullptr) return existing;
    if (handle_ != nullptr) throw pqxx::broken_connection("the connection is lost");
    std::unique_ptr<PGconn, decltype(&PQfinish)> opening(PQconnectStart(options().c_str()), PQfinish);
    if (opening == nullptr) throw std::bad_alloc();
    PostgresPollingStatusType status =
        PQstatus(opening.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (status != PGRES_POLLING_OK) {
      if (status == PGRES_POLLING_FAILED) throw pqxx::broken_connection(PQerrorMessage(opening.get()));
      Await(opening.get(), status, scope_);
      status = PQconnectPoll(opening.get());
    }
    // Without the DETAIL lines, which quote rows.
    PQsetErrorVerbosity(opening.get(), PQERRORS_TERSE);
    handle_ = opening.get();
    return opening.release();
  }

  handle pg() const { return handle_; }

 private:
  const Scope& scope_;
  handle handle_ = nullptr;
};

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

// Throws unless `result` is a success.
void Check(PGconn* handle, const Result& result, const char* sql) {
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) return;
  if (PQstatus(handle) != CONNECTION_OK) throw pqxx::broken_connection(PQerrorMessage(handle));
  const char* sqlstate = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  throw pqxx::sql_error(PQresultErrorMessage(result.get()), sql, sqlstate != nullptr ? sqlstate : "");
}

}  // namespace

class Connection::Session final : public pqxx::connection_base {
 public:
  Session(const std::string& dsn, const Scope& scope) : connection_base(policy_), policy_(dsn, scope), quiet_(*this) {
    init();
  }
  ~Session() { close(); }

  PGconn* handle() const { return policy_.pg(); }

 private:
  ConnectWithin policy_;
  pqxx::quiet_errorhandler quiet_;  // Notices are no log lines of ours.
};

Connection::Connection() = default;

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& dsn, const Scope& scope) try {
  std::unique_ptr<Connection> connection(new Connection);
  connection->session_ = std::make_unique<Session>(dsn, scope);
  connection->socket_ = fcntl(PQsocket(connection->handle()), F_DUPFD_CLOEXEC, 0);
  if (connection->socket_ < 0)
    return absl::UnavailableError(absl::StrCat("no file descriptor: ", std::strerror(errno)));
  return connection;
} catch (const ScopeEnded&) {
  if (scope.cancelled()) return absl::CancelledError("cancelled while connecting");
  return absl::DeadlineExceededError("no connection in time");
} catch (const pqxx::broken_connection& e) {
  return absl::UnavailableError(e.what());
}

Connection::~Connection() {
  if (socket_ >= 0) close(socket_);
}

pqxx::connection_base& Connection::session() { return *session_; }

pg_conn* Connection::handle() const { return session_->handle(); }

void Connection::PrepareSession() {
  if (!prepared_) Execute(kPrepareSession);
  prepared_ = true;
}

void Connection::Begin(const std::string& begin) { Execute(begin.c_str()); }

void Connection::Execute(const char* sql) {
  const Result result(PQexec(handle(), sql), PQclear);
  leaving_ = false;
  Check(handle(), result, sql);
}

void Connection::Commit() {
  constexpr char kCommit[] = "COMMIT";
  const Result result(PQexec(handle(), kCommit), PQclear);
  if (PQresultStatus(result.get()) != PGRES_COMMAND_OK && PQstatus(handle()) != CONNECTION_OK) {
    throw pqxx::in_doubt_error(PQerrorMessage(handle()));
  }
  Check(handle(), result, kCommit);
  // Postgres answers so if a statement failed and the body went on as if it had not.
  if (std::strcmp(PQcmdStatus(result.get()), kCommit) != 0) throw pqxx::usage_error("commit of a failed transaction");
}

void Connection::Leave(const char* command) noexcept {
  const PGTransactionStatusType open = PQtransactionStatus(handle());
  if (open != PQTRANS_INTRANS && open != PQTRANS_INERROR) return;
  // If it cannot be sent the connection is bad, and not Reusable().
  leaving_ = PQsendQuery(handle(), command) == 1;
}

const std::string& Connection::Prepare(const char* sql) {
  last_sql_ = sql;
  const auto [entry, added] = statements_.try_emplace(sql);
  if (added) {
    entry->second = absl::StrCat("s", statements_.size());
    session_->prepare(entry->second, sql);
  }
  return entry->second;
}

void Connection::NoteComposed(const std::string& sql) {
  composed_sql_ = sql;
  last_sql_ = composed_sql_.c_str();
}

bool Connection::Reusable() {
  if (leaving_) {
    while (PQconsumeInput(handle()) == 1 && PQisBusy(handle()) == 0) {
      const Result result(PQgetResult(handle()), PQclear);
      if (result == nullptr) {
        leaving_ = false;
        break;
      }
    }
    // Still on its way: the next command takes it off the wire first.
    if (leaving_) return PQstatus(handle()) == CONNECTION_OK;
  }
  if (PQstatus(handle()) != CONNECTION_OK || PQtransactionStatus(handle()) != PQTRANS_IDLE) return false;
  pollfd socket = {socket_, POLLIN, 0};
  return poll(&socket, 1, 0) == 0;
}

}  // namespace masthead::db

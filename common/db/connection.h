// One session with Postgres.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "pqxx/pqxx"

struct pg_conn;

namespace masthead::db {

// A libpqxx connection that never reconnects behind our back, opens within a scope, and gives the few commands that
// frame a transaction. Not thread-safe. Members throw what libpqxx throws.
class Connection {
 public:
  // Connects to the one host of `dsn`. Fails with CANCELLED, DEADLINE_EXCEEDED, or UNAVAILABLE and what libpq says:
  // for the log only.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& dsn, const Scope& scope);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  pqxx::connection_base& session();

  // A descriptor of the session's socket that stays ours when libpq closes its own.
  int socket() const { return socket_; }

  // Sets what a session of ours relies on: a round trip for the first time, none afterwards.
  void PrepareSession();

  // `begin` opens a transaction: one or more statements without parameters, in one round trip.
  void Begin(const std::string& begin);

  // Throws pqxx::in_doubt_error if the connection broke before the answer came.
  void Commit();

  // Ends a transaction, if one is open, whose end nobody has to wait for: `COMMIT` of a read, `ROLLBACK` of what
  // failed. The answer is awaited by the next use of the session. Never throws.
  void Leave(const char* command) noexcept;

  // The name of the prepared statement of `sql`, which has static storage. libpqxx prepares it at its first use.
  const std::string& Prepare(const char* sql);
  // Remembers a statement that is not prepared, for the log.
  void NoteComposed(const std::string& sql);
  // The last `sql` asked for, for the log; may be null.
  const char* last_sql() const { return last_sql_; }

  // Whether the next transaction may use the session: it is not in one, and nothing came from the server unasked, such
  // as the end of the connection.
  bool Reusable();

 private:
  class Session;
  Connection();

  pg_conn* handle() const;
  void Execute(const char* sql);

  std::unique_ptr<Session> session_;
  int socket_ = -1;
  bool prepared_ = false;
  bool leaving_ = false;
  const char* last_sql_ = nullptr;
  std::string composed_sql_;
  std::unordered_map<const char*, std::string> statements_;
};

}  // namespace masthead::db

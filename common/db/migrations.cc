#include "common/db/migrations.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/crypto/mac.h"
#include "common/db/connection.h"
#include "common/db/database.h"
#include "common/db/dsn.h"

namespace masthead::db {
namespace {

constexpr absl::Duration kConnectPatience = absl::Seconds(10);

// One lock for each schema: several services may share a database. Waits for another migrator; the session's end lets
// go. An index of a large table takes its time, whatever the role's statements usually may.
constexpr char kLock[] = R"sql(
  SET statement_timeout = 0;
  SET lock_timeout = '5min';
  SET idle_in_transaction_session_timeout = 0;
  SELECT pg_advisory_lock(hashtext('masthead.migrations'), hashtext(current_schema()));
  SET lock_timeout = '10s'
)sql";

constexpr char kHasSchema[] = "SELECT current_schema() IS NOT NULL";

constexpr char kCreateTable[] = R"sql(
  CREATE TABLE IF NOT EXISTS schema_migrations (
    number     integer     PRIMARY KEY,
    name       text        NOT NULL,
    sha256     text        NOT NULL,
    apply_time timestamptz NOT NULL DEFAULT now()
  )
)sql";

constexpr char kHasTable[] = "SELECT to_regclass('schema_migrations') IS NOT NULL";
constexpr char kLoad[] = "SELECT number, sha256 FROM schema_migrations";
constexpr char kRecord[] = "INSERT INTO schema_migrations (number, name, sha256) VALUES ($1, $2, $3)";

using Applied = std::map<int, std::string>;  // Checksums by number.

Applied ToApplied(const pqxx::result& rows) {
  Applied applied;
  for (const pqxx::row& row : rows) applied[row[0].as<int>()] = row[1].as<std::string>();
  return applied;
}

std::string Checksum(const Migration& migration) { return absl::BytesToHexString(crypto::Sha256(migration.sql)); }

absl::Status Edited(const Migration& migration) {
  return absl::FailedPreconditionError(
      absl::StrCat("migration ", migration.name, " was edited after it was applied; add a new one instead"));
}

void Apply(pqxx::connection_base& session, const Migration& migration) {
  pqxx::work work(session);
  work.exec(migration.sql);
  work.exec_params0(kRecord, migration.number, std::string(migration.name), Checksum(migration));
  work.commit();
}

std::vector<Migration> InOrder(absl::Span<const Migration> migrations) {
  std::vector<Migration> ordered(migrations.begin(), migrations.end());
  std::sort(ordered.begin(), ordered.end(), [](const Migration& a, const Migration& b) { return a.number < b.number; });
  return ordered;
}

absl::Status MigrateSession(pqxx::connection_base& session, absl::Span<const Migration> migrations) {
  Applied applied;
  {
    pqxx::nontransaction work(session);
    if (!work.exec1(kHasSchema)[0].as<bool>()) return absl::FailedPreconditionError("the role's schema does not exist");
    work.exec(kLock);
    work.exec0(kCreateTable);
    applied = ToApplied(work.exec(kLoad));
  }
  // All of them before any is applied.
  for (const Migration& migration : migrations) {
    if (applied.contains(migration.number) && applied[migration.number] != Checksum(migration))
      return Edited(migration);
  }
  for (const Migration& migration : InOrder(migrations)) {
    if (applied.contains(migration.number)) continue;
    try {
      Apply(session, migration);
    } catch (const std::exception& e) {
      return absl::InternalError(absl::StrCat("migration ", migration.name, " failed: ", e.what()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Migrate(const std::string& dsn, absl::Span<const Migration> migrations) try {
  ASSIGN_OR_RETURN(const std::string hardened, HardenDsn(dsn, "masthead-migrate"));
  absl::StatusOr<std::unique_ptr<Connection>> connection = absl::UnavailableError("no host");
  for (const std::string& host : SplitHosts(hardened)) {
    connection = Connection::Open(host, {.deadline = absl::Now() + kConnectPatience});
    if (connection.ok()) break;
  }
  RETURN_IF_ERROR(connection.status());
  return MigrateSession((*connection)->session(), migrations);
} catch (const pqxx::broken_connection& e) {
  return absl::UnavailableError(absl::StrCat("migration interrupted: ", e.what()));
} catch (const std::exception& e) {
  return absl::InternalError(absl::StrCat("migration failed: ", e.what()));
}

absl::Status CheckSchema(Database& database, absl::Span<const Migration> migrations) {
  const Scope scope = {.deadline = absl::Now() + absl::Seconds(2)};
  absl::StatusOr<Applied> applied = database.Read(scope, [](Transaction& tx) {
    return tx.Query(kHasTable)[0][0].as<bool>() ? ToApplied(tx.Query(kLoad)) : Applied();
  });
  RETURN_IF_ERROR(applied.status());
  for (const Migration& migration : migrations) {
    const auto found = applied->find(migration.number);
    if (found == applied->end()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the database lacks migration ", migration.name, "; run `migrate`"));
    }
    if (found->second != Checksum(migration)) return Edited(migration);
  }
  return absl::OkStatus();
}

}  // namespace masthead::db

#include "tests/support/test_database.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/crypto/mac.h"
#include "tests/support/postgres_cluster.h"

namespace masthead::testing {
namespace {

std::string Dsn(const std::string& database) { return PostgresCluster::Get().Dsn(database); }

// The name tells what is in it: binaries that share a cluster share its templates.
std::string TemplateName(absl::Span<const db::Migration> migrations) {
  std::string all;
  for (const db::Migration& migration : migrations)
    absl::StrAppend(&all, migration.number, " ", migration.name, "\n", migration.sql, "\n");
  return "template_" + absl::BytesToHexString(crypto::Sha256(all)).substr(0, 32);
}

// Made under another name and renamed when it is whole. The lock is the session's.
std::string Template(pqxx::nontransaction& work, absl::Span<const db::Migration> migrations) {
  const std::string name = TemplateName(migrations);
  work.exec0("SET client_min_messages = 'warning'");
  work.exec1("SELECT pg_advisory_lock(hashtext('" + name + "'))");
  if (!work.exec("SELECT FROM pg_database WHERE datname = '" + name + "'").empty()) return name;
  work.exec0("DROP DATABASE IF EXISTS making_" + name);
  work.exec0("CREATE DATABASE making_" + name + " STRATEGY file_copy");
  if (const absl::Status status = db::Migrate(Dsn("making_" + name), migrations); !status.ok()) {
    std::fprintf(stderr, "%s\n", status.ToString().c_str());
    std::abort();
  }
  work.exec0("ALTER DATABASE making_" + name + " RENAME TO " + name);
  return name;
}

}  // namespace

TestDatabase::TestDatabase(absl::Span<const db::Migration> migrations) {
  static std::atomic<int> count = 0;
  // Process numbers are used again, times are not.
  name_ = absl::StrCat("test_", getpid(), "_", ++count, "_", absl::ToUnixMillis(absl::Now()));
  {
    pqxx::connection connection(Dsn("postgres"));
    pqxx::nontransaction work(connection);
    const std::string source = Template(work, migrations);
    work.exec0(absl::StrCat("CREATE DATABASE ", name_, " TEMPLATE ", source, " STRATEGY file_copy"));
  }
  session_ = std::make_unique<pqxx::connection>(dsn());
  database_ = std::make_unique<db::Database>(options());
}

TestDatabase::~TestDatabase() {
  database_.reset();
  session_.reset();
  pqxx::connection connection(Dsn("postgres"));
  pqxx::nontransaction(connection).exec0("DROP DATABASE " + name_ + " WITH (FORCE)");
}

std::string TestDatabase::dsn() const { return Dsn(name_); }

void TestDatabase::Execute(const std::string& sql) { pqxx::nontransaction(*session_).exec(sql); }

std::string TestDatabase::QueryValue(const std::string& sql) {
  const pqxx::result rows = pqxx::nontransaction(*session_).exec(sql);
  return rows.empty() ? "" : rows[0][0].c_str();
}

void TestDatabase::MoveClock(absl::Duration by) {
  moved_ += by;
  Execute(absl::StrCat(
      "CREATE OR REPLACE FUNCTION db_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT now() + interval '",
      absl::ToInt64Microseconds(moved_), " microseconds' $$"));
}

void TestDatabase::SetClock(absl::Time time) { MoveClock(time - (absl::Now() + moved_)); }

}  // namespace masthead::testing

// A Postgres database of its own for every test.
#pragma once

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/db/database.h"
#include "common/db/migrations.h"

namespace masthead::testing {

// Creates a database with the schema of `migrations` and drops it at the end. The migrations are applied once per
// cluster, to a template; each database is a copy of that, which takes milliseconds.
class TestDatabase {
 public:
  explicit TestDatabase(absl::Span<const db::Migration> migrations = {});
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  db::Database& database() { return *database_; }
  const std::string& name() const { return name_; }
  std::string dsn() const;
  db::DatabaseOptions options() const { return {.dsn = dsn()}; }

  // One or more statements on a session beside the pool. Throws what libpqxx throws.
  void Execute(const std::string& sql);
  // The first column of the first row as text; empty for NULL or no row.
  std::string QueryValue(const std::string& sql);

  // Moves db_now() of this database, for good; needs common/db/schema. It goes on with the machine's clock.
  void MoveClock(absl::Duration by);
  void SetClock(absl::Time time);

 private:
  std::string name_;
  std::unique_ptr<pqxx::connection> session_;
  std::unique_ptr<db::Database> database_;
  absl::Duration moved_;  // db_now() is ahead of the machine's clock.
};

}  // namespace masthead::testing

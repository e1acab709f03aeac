// Brings a database to the schema the code expects.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace masthead::db {

// One numbered .sql file, embedded in the binary by CMake (masthead_embed_schema). Files of common/ have numbers below
// 1000, a service's own start at 1001; all of a service's migrations apply in the order of their numbers.
struct Migration {
  int number;
  const char* name;  // "1001_articles"
  const char* sql;
};

// Applies, in order, the migrations that the database has not seen, each in its own transaction, under an advisory
// lock: safe to run from many processes at once. Refuses with FAILED_PRECONDITION if an applied migration was edited
// since (SHA-256): add a new file instead. Migrations that the database has and we do not know are left alone: they are
// a newer binary's.
absl::Status Migrate(const std::string& dsn, absl::Span<const Migration> migrations);

// OK if the database has all of `migrations`, and perhaps newer ones. For readiness.
class Database;
absl::Status CheckSchema(Database& database, absl::Span<const Migration> migrations);

}  // namespace masthead::db

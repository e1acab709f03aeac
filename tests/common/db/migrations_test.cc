#include "common/db/migrations.h"

#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/db/database.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::db {

namespace testing_schema {
absl::Span<const Migration> Schema();
}  // namespace testing_schema

namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::masthead::testing::TestDatabase;
using ::testing::HasSubstr;

constexpr Migration kFirst = {1001, "1001_desks", "CREATE TABLE desk (name text PRIMARY KEY)"};
constexpr Migration kSecond = {
    1002, "1002_bylines",
    "CREATE TABLE byline (desk text REFERENCES desk (name)); INSERT INTO desk VALUES ('culture')"};
constexpr Migration kEdited = {1001, "1001_desks", "CREATE TABLE desk (name text PRIMARY KEY, city text)"};
constexpr Migration kBroken = {1003, "1003_broken", "CREATE TABLE half (name text); SELECT nothing FROM nowhere"};

class Migrations : public ::testing::Test {
 protected:
  std::string Applied() {
    return postgres_.QueryValue("SELECT string_agg(name, ' ' ORDER BY number) FROM schema_migrations");
  }

  TestDatabase postgres_;
};

TEST_F(Migrations, ApplyOnceInTheOrderOfTheirNumbers) {
  EXPECT_THAT(Migrate(postgres_.dsn(), {kSecond, kFirst}), IsOk());
  EXPECT_THAT(Migrate(postgres_.dsn(), {kFirst, kSecond}), IsOk());
  EXPECT_EQ(Applied(), "1001_desks 1002_bylines");
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM desk"), "1");
  EXPECT_THAT(CheckSchema(postgres_.database(), {kFirst, kSecond}), IsOk());
}

TEST_F(Migrations, AnEditedFileIsRefusedBeforeAnythingIsApplied) {
  ASSERT_THAT(Migrate(postgres_.dsn(), {kFirst}), IsOk());
  const absl::Status status = Migrate(postgres_.dsn(), {kEdited, kSecond});
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(status.message()), HasSubstr("1001_desks"));
  EXPECT_EQ(Applied(), "1001_desks");
  EXPECT_THAT(CheckSchema(postgres_.database(), {kEdited}), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(Migrations, ManyMayRunAtOnce) {
  std::vector<std::thread> migrators;
  for (int i = 0; i < 8; ++i) {
    migrators.emplace_back([&] { EXPECT_THAT(Migrate(postgres_.dsn(), {kFirst, kSecond}), IsOk()); });
  }
  for (std::thread& migrator : migrators) migrator.join();
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM desk"), "1");
}

TEST_F(Migrations, AnOlderBinaryLeavesANewerSchemaAlone) {
  ASSERT_THAT(Migrate(postgres_.dsn(), {kFirst, kSecond}), IsOk());
  EXPECT_THAT(Migrate(postgres_.dsn(), {kFirst}), IsOk());
  EXPECT_EQ(Applied(), "1001_desks 1002_bylines");
  EXPECT_THAT(CheckSchema(postgres_.database(), {kFirst}), IsOk());
}

TEST_F(Migrations, ANewerBinaryIsNotReadyOnAnOlderSchema) {
  EXPECT_THAT(CheckSchema(postgres_.database(), {kFirst}), StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_THAT(Migrate(postgres_.dsn(), {kFirst}), IsOk());
  EXPECT_THAT(CheckSchema(postgres_.database(), {kFirst, kSecond}), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(Migrations, OneThatFailsLeavesNothingOfItself) {
  const absl::Status status = Migrate(postgres_.dsn(), {kFirst, kBroken});
  EXPECT_THAT(std::string(status.message()), HasSubstr("1003_broken"));
  EXPECT_EQ(Applied(), "1001_desks");
  EXPECT_EQ(postgres_.QueryValue("SELECT to_regclass('half')"), "");
}

TEST_F(Migrations, OneMayTakeLongerThanTheRolesStatements) {
  constexpr Migration kSlow = {1004, "1004_slow", "SELECT pg_sleep(1)"};
  EXPECT_THAT(Migrate(postgres_.dsn() + " options='-c statement_timeout=500ms'", {kSlow}), IsOk());
}

TEST_F(Migrations, SeveralServicesMayShareADatabase) {
  postgres_.Execute("CREATE SCHEMA articles; CREATE SCHEMA memberships");
  EXPECT_THAT(Migrate(postgres_.dsn() + " options='-c search_path=articles'", {kFirst}), IsOk());
  EXPECT_THAT(Migrate(postgres_.dsn() + " options='-c search_path=memberships'", {kEdited}), IsOk());
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) FROM pg_tables WHERE tablename = 'desk'"), "2");
  EXPECT_THAT(Migrate(postgres_.dsn() + " options='-c search_path=nowhere'", {kFirst}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(Schema, TheClockIsTheDatabasesAndATestMovesIt) {
  TestDatabase postgres(testing_schema::Schema());
  constexpr char kAhead[] = "SELECT db_now() - now() = interval '25 hours'";
  EXPECT_EQ(postgres.QueryValue(kAhead), "f");
  postgres.MoveClock(absl::Hours(24));
  postgres.MoveClock(absl::Hours(1));
  EXPECT_EQ(postgres.QueryValue(kAhead), "t");
}

}  // namespace
}  // namespace masthead::db

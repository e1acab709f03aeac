#include "common/db/database.h"

#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/db/snapshot.h"
#include "common/telemetry/metrics.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::db {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::masthead::testing::TestDatabase;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kInsert[] = "INSERT INTO article VALUES ($1)";
constexpr char kCount[] = "SELECT count(*) FROM article";
constexpr char kPid[] = "SELECT pg_backend_pid()";
constexpr char kSleep[] = "SELECT pg_sleep(10)";
constexpr char kLockA[] = "UPDATE article SET id = id WHERE id = 'a'";
constexpr char kLockB[] = "UPDATE article SET id = id WHERE id = 'b'";
constexpr char kConflict[] = "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$";
constexpr char kStar[] = "SELECT * FROM article";
constexpr char kNonsense[] = "SELECT secret FROM nowhere";

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() { postgres_.Execute("CREATE TABLE article (id text PRIMARY KEY)"); }

  absl::StatusOr<int> Pid() {
    return database_.Read(soon_, [](Transaction& tx) { return tx.Query(kPid)[0][0].as<int>(); });
  }

  Scope soon_ = {.deadline = absl::Now() + absl::Seconds(10)};
  TestDatabase postgres_;
  Database database_{{.dsn = postgres_.dsn(), .max_connections = 1}};
};

bool HasRetryInfo(const absl::Status& status) {
  return status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value();
}

TEST_F(DatabaseTest, CommitsWhatTheBodyDid) {
  EXPECT_THAT(database_.Write(soon_, [](Transaction& tx) { return tx.Query(kInsert, "a").affected_rows(); }),
              IsOkAndHolds(1));
  EXPECT_EQ(postgres_.QueryValue(kCount), "1");
}

TEST_F(DatabaseTest, AnswersAsOfOneMomentOnceItHoldsASnapshot) {
  const auto counts = database_.Read(soon_, [&](Transaction& tx) {
    HoldSnapshot(tx);
    const int before = tx.Query(kCount)[0][0].as<int>();
    postgres_.Execute("INSERT INTO article VALUES ('meanwhile')");
    return std::make_pair(before, tx.Query(kCount)[0][0].as<int>());
  });
  EXPECT_THAT(counts, IsOkAndHolds(std::make_pair(0, 0)));
  EXPECT_THAT(database_.Read(soon_, [](Transaction& tx) { return tx.Query(kCount)[0][0].as<int>(); }), IsOkAndHolds(1));
}

TEST_F(DatabaseTest, RollsBackWhenTheBodyFails) {
  EXPECT_THAT(database_.Write(soon_,
                              [](Transaction& tx) {
                                tx.Query(kInsert, "a");
                                return absl::NotFoundError("no such desk");
                              }),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(postgres_.QueryValue(kCount), "0");
}

TEST_F(DatabaseTest, AnExceptionOfTheBodyPassesThroughAndReturnsItsSlot) {
  auto throwing = [](Transaction& tx) -> absl::Status {
    tx.Query(kInsert, "a");
    throw std::logic_error("bug");
  };
  EXPECT_THROW((void)database_.Write(soon_, throwing), std::logic_error);

  EXPECT_EQ(database_.pool_use().in_use, 0);
  EXPECT_THAT(database_.Read(soon_, [](Transaction& tx) { return tx.Query(kCount)[0][0].as<int>(); }), IsOkAndHolds(0));
}

TEST_F(DatabaseTest, ASingleStatementIsATransactionOfItsOwn) {
  EXPECT_THAT(database_.Single(soon_, [](Transaction& tx) { return tx.Query(kInsert, "a").affected_rows(); }),
              IsOkAndHolds(1));
  EXPECT_THAT(database_.Single(soon_, [](Transaction& tx) { return tx.Query(kCount)[0][0].as<int>(); }),
              IsOkAndHolds(1));
  EXPECT_THROW(static_cast<void>(database_.Single(soon_,
                                                  [](Transaction& tx) {
                                                    tx.Query(kInsert, "b");
                                                    return tx.Query(kInsert, "c").affected_rows();
                                                  })),
               std::logic_error);
  EXPECT_EQ(postgres_.QueryValue(kCount), "2");
}

TEST_F(DatabaseTest, ASingleStatementCostsItsDeadlineAndNotMore) {
  const Scope hurried = {.deadline = absl::Now() + absl::Milliseconds(100)};
  const absl::Time start = absl::Now();
  EXPECT_THAT(database_.Single(hurried, [](Transaction& tx) { return tx.Query(kSleep).affected_rows(); }).status(),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST_F(DatabaseTest, OpensConnectionsWhenTheyAreNeededAndKeepsThem) {
  EXPECT_EQ(database_.pool_use().open, 0);
  const absl::StatusOr<int> first = Pid();
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(database_.pool_use().open, 1);
  // Neither a failed body, nor a failed statement, nor a statement that took too long costs the connection.
  EXPECT_FALSE(database_.Write(soon_, [](Transaction&) { return absl::NotFoundError(""); }).ok());
  EXPECT_FALSE(database_.Write(soon_, [](Transaction& tx) { return tx.Query(kNonsense).size(); }).ok());
  EXPECT_FALSE(database_
                   .Read({.deadline = absl::Now() + absl::Milliseconds(60)},
                         [](Transaction& tx) { return tx.Query(kSleep).size(); })
                   .ok());
  EXPECT_THAT(Pid(), IsOkAndHolds(*first));
}

TEST_F(DatabaseTest, TellsHowManyConnectionsAreHeldAndWhoWaitedForOne) {
  const prometheus::Gauge& in_use = telemetry::Gauge("masthead_database_connections_in_use", "");
  prometheus::Histogram& waits = telemetry::LatencySeconds("masthead_database_pool_wait_seconds", "");
  const auto before = waits.Collect().histogram.sample_count;
  EXPECT_THAT(database_.Read(soon_, [&](Transaction&) { return static_cast<int>(in_use.Value()); }), IsOkAndHolds(1));
  EXPECT_EQ(in_use.Value(), 0);
  EXPECT_EQ(waits.Collect().histogram.sample_count, before + 1);
  EXPECT_EQ(telemetry::Gauge("masthead_database_connections_limit", "").Value(), 1);
}

TEST_F(DatabaseTest, AReadCannotWrite) {
  EXPECT_THAT(database_.Read(soon_, [](Transaction& tx) { return tx.Query(kInsert, "a").size(); }),
              StatusIs(absl::StatusCode::kInternal, "INTERNAL_ERROR"));
}

TEST_F(DatabaseTest, SaysOfABugOnlyThatItIsOne) {
  const absl::Status status =
      database_.Read(soon_, [](Transaction& tx) { return tx.Query(kNonsense).size(); }).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal, "INTERNAL_ERROR"));
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("incident "), Not(HasSubstr("nowhere")), Not(HasSubstr("pqxx"))));
}

TEST_F(DatabaseTest, ACommitAfterAStatementThatFailedIsNoSuccess) {
  EXPECT_THAT(database_.Write(soon_,
                              [](Transaction& tx) {
                                try {
                                  tx.Query(kNonsense);
                                } catch (const std::exception&) {
                                  return absl::OkStatus();
                                }
                                return absl::OkStatus();
                              }),
              StatusIs(absl::StatusCode::kInternal, "INTERNAL_ERROR"));
}

TEST_F(DatabaseTest, RunsAgainAfterAConflict) {
  int runs = 0;
  int committed = 0;
  EXPECT_THAT(database_.Write(soon_,
                              [&](Transaction& tx) {
                                tx.AfterCommit([&] { ++committed; });
                                if (++runs < 3) tx.Query(kConflict);
                                return absl::OkStatus();
                              }),
              IsOk());
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(committed, 1);
}

TEST_F(DatabaseTest, GivesUpOnAConflictThatStays) {
  int runs = 0;
  const absl::Status status = database_.Write(soon_, [&](Transaction& tx) {
    ++runs;
    tx.Query(kConflict);
    return absl::OkStatus();
  });
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted, "CONFLICT"));
  EXPECT_TRUE(HasRetryInfo(status));
  EXPECT_EQ(runs, 5);
}

TEST_F(DatabaseTest, ActsAfterTheCommitOnly) {
  std::string seen;
  EXPECT_THAT(database_.Write(soon_,
                              [&](Transaction& tx) {
                                tx.Query(kInsert, "a");
                                tx.AfterCommit([&] { seen = postgres_.QueryValue(kCount); });
                                return absl::OkStatus();
                              }),
              IsOk());
  EXPECT_EQ(seen, "1");

  EXPECT_FALSE(database_
                   .Write(soon_,
                          [&](Transaction& tx) {
                            tx.AfterCommit([&] { seen = "rolled back"; });
                            return absl::NotFoundError("");
                          })
                   .ok());
  EXPECT_EQ(seen, "1");
}

TEST_F(DatabaseTest, ADeadlockIsResolvedByRunningAgain) {
  postgres_.Execute("INSERT INTO article VALUES ('a'), ('b')");
  Database other({.dsn = postgres_.dsn()});
  absl::Notification first_has_a;
  absl::Notification second_has_b;
  std::thread second([&] {
    EXPECT_THAT(other.Write(soon_,
                            [&](Transaction& tx) {
                              tx.Query(kLockB);
                              if (!second_has_b.HasBeenNotified()) second_has_b.Notify();
                              first_has_a.WaitForNotification();
                              tx.Query(kLockA);
                              return absl::OkStatus();
                            }),
                IsOk());
  });
  // Postgres looks for a deadlock after a second, just when our wait for the lock is over: here it looks sooner.
  EXPECT_THAT(database_.Write(soon_,
                              [&](Transaction& tx) {
                                static constexpr char kLookSooner[] = "SET LOCAL deadlock_timeout = '100ms'";
                                tx.Query(kLookSooner);
                                tx.Query(kLockA);
                                if (!first_has_a.HasBeenNotified()) first_has_a.Notify();
                                second_has_b.WaitForNotification();
                                tx.Query(kLockB);
                                return absl::OkStatus();
                              }),
              IsOk());
  second.join();
}

TEST_F(DatabaseTest, ALockThatIsNotGivenAborts) {
  postgres_.Execute("INSERT INTO article VALUES ('a')");
  pqxx::connection other(postgres_.dsn());
  pqxx::work holder(other);
  holder.exec(kLockA);

  const absl::Time start = absl::Now();
  const absl::Status status = database_.Write(soon_, [](Transaction& tx) { return tx.Query(kLockA).size(); }).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted, "CONFLICT"));
  EXPECT_TRUE(HasRetryInfo(status));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST_F(DatabaseTest, AnExhaustedPoolIsBusyAfterAShortWait) {
  absl::Notification taken;
  absl::Notification enough;
  std::thread holder([&] {
    EXPECT_THAT(database_.Read(soon_,
                               [&](Transaction&) {
                                 taken.Notify();
                                 enough.WaitForNotification();
                                 return absl::OkStatus();
                               }),
                IsOk());
  });
  taken.WaitForNotification();

  const absl::Time start = absl::Now();
  const absl::Status status = Pid().status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, "SERVER_BUSY"));
  EXPECT_TRUE(HasRetryInfo(status));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_THAT(database_.Ping(absl::Seconds(2)), IsOk()) << "a busy server is ready";

  enough.Notify();
  holder.join();
}

TEST_F(DatabaseTest, DoesNotStartWhatNobodyWaitsFor) {
  Cancellation cancellation;
  cancellation.Cancel();
  bool ran = false;
  auto body = [&](Transaction&) {
    ran = true;
    return absl::OkStatus();
  };
  EXPECT_THAT(database_.Write({.cancellation = &cancellation}, body), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(database_.Write({.deadline = absl::Now()}, body),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED"));
  EXPECT_FALSE(ran);
}

TEST_F(DatabaseTest, StopsAStatementAtTheDeadline) {
  const absl::Time start = absl::Now();
  EXPECT_THAT(database_.Read({.deadline = start + absl::Milliseconds(200)},
                             [](Transaction& tx) { return tx.Query(kSleep).size(); }),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED"));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST_F(DatabaseTest, AMigrationMayChangeWhatAPreparedStatementReturns) {
  auto columns = [](Transaction& tx) { return tx.Query(kStar).columns(); };
  EXPECT_THAT(database_.Read(soon_, columns), IsOkAndHolds(1));
  postgres_.Execute("ALTER TABLE article ADD COLUMN headline text");
  EXPECT_THAT(database_.Read(soon_, columns), IsOkAndHolds(2));
}

TEST(Database, RefusesAConnectionStringThatPromisesLess) {
  Database database({.dsn = "host=db.example.org sslmode=disable"});
  EXPECT_THAT(database.Read({}, [](Transaction&) { return absl::OkStatus(); }),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(database.Ping(absl::Seconds(1)), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace masthead::db

// What happens to transactions when Postgres, the network or the caller goes away.
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/db/database.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/common/db/fault_proxy.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::db {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::PostgresCluster;
using ::masthead::testing::StatusIs;
using ::masthead::testing::TestDatabase;

constexpr char kPid[] = "SELECT pg_backend_pid()";
constexpr char kSleep[] = "SELECT pg_sleep(30)";
constexpr char kClaim[] = "INSERT INTO claim VALUES ('request') ON CONFLICT DO NOTHING";
constexpr char kEffect[] = "UPDATE counter SET effects = effects + 1";
constexpr char kReadOnly[] = "DO $$ BEGIN RAISE SQLSTATE '25006'; END $$";
constexpr char kSleepers[] =
    "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()";

// What libpq left alone would take is 30 s and more; the machine may be busy with other tests.
constexpr absl::Duration kDeadlineAndSomeLoad = absl::Seconds(10);

class Faults : public ::testing::Test {
 protected:
  Faults() {
    postgres_.Execute(
        "CREATE TABLE claim (request_id text PRIMARY KEY); CREATE TABLE counter (effects int); INSERT INTO counter "
        "VALUES (0)");
  }

  Scope For(absl::Duration patience) const { return {.deadline = absl::Now() + patience}; }

  // A unit that may be repeated: the claim tells a second run of the first one's commit.
  static absl::Status ChangeOnce(Transaction& tx) {
    if (tx.Query(kClaim).affected_rows() == 1) tx.Query(kEffect);
    return absl::OkStatus();
  }
  std::string effects() { return postgres_.QueryValue("SELECT effects FROM counter"); }

  TestDatabase postgres_;
  Database database_{{.dsn = postgres_.dsn(), .max_connections = 2}};
};

TEST_F(Faults, AFrozenBackendCostsTheDeadlineAndNotMore) {
  const absl::Time start = absl::Now();
  int frozen = 0;
  EXPECT_THAT(database_.Write(For(absl::Milliseconds(300)),
                              [&](Transaction& tx) {
                                frozen = tx.Query(kPid)[0][0].as<int>();
                                kill(frozen, SIGSTOP);
                                return ChangeOnce(tx);
                              }),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED"));
  EXPECT_LT(absl::Now() - start, kDeadlineAndSomeLoad);
  kill(frozen, SIGCONT);
  EXPECT_THAT(database_.Write(For(absl::Seconds(5)), ChangeOnce), IsOk());
}

TEST_F(Faults, AFrozenCommitCostsTheDeadlineAndNotMore) {
  const absl::Time start = absl::Now();
  int frozen = 0;
  EXPECT_THAT(database_.Write(For(absl::Milliseconds(300)),
                              [&](Transaction& tx) {
                                frozen = tx.Query(kPid)[0][0].as<int>();
                                const absl::Status status = ChangeOnce(tx);
                                kill(frozen, SIGSTOP);
                                return status;
                              }),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED"));
  EXPECT_LT(absl::Now() - start, kDeadlineAndSomeLoad);
  kill(frozen, SIGCONT);
}

// A listener whose connections are accepted by the kernel and never answered: what a frozen machine looks like from
// outside.
class Silence {
 public:
  Silence() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 16) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
  }
  ~Silence() { close(listener_); }

  int port() const { return port_; }

 private:
  int listener_ = -1;
  int port_ = 0;
};

TEST_F(Faults, AServerThatNeverAnswersCostsTheDeadlineAndNotMore) {
  const Silence silence;
  Database database({.dsn = absl::StrCat("host=127.0.0.1 user=masthead port=", silence.port())});
  const absl::Time start = absl::Now();
  EXPECT_THAT(database.Write(For(absl::Milliseconds(300)), ChangeOnce), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(database.Ping(absl::Milliseconds(300)), StatusIs(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_LT(absl::Now() - start, kDeadlineAndSomeLoad);
  EXPECT_EQ(database.pool_use().in_use, 0);
}

TEST_F(Faults, AHostThatNeverAnswersIsPassedOverByTheNextCall) {
  const Silence silence;
  Database database({.dsn = absl::StrCat("host=127.0.0.1,", PostgresCluster::Get().folder(), " port=", silence.port(),
                                         ",5432 user=masthead dbname=", postgres_.name())});
  EXPECT_THAT(database.Write(For(absl::Milliseconds(200)), ChangeOnce), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_THAT(database.Write(For(absl::Milliseconds(1000)), ChangeOnce), IsOk());
}

TEST_F(Faults, NobodyListeningIsUnavailableAtOnce) {
  Database database({.dsn = "host=/nowhere user=masthead"});
  const absl::Time start = absl::Now();
  EXPECT_THAT(database.Write(For(absl::Seconds(20)), ChangeOnce),
              StatusIs(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_LT(absl::Now() - start, kDeadlineAndSomeLoad);
}

TEST_F(Faults, ACancelledCallStopsItsStatement) {
  Cancellation cancellation;
  absl::Time cancelled;
  std::thread caller([&] {
    while (postgres_.QueryValue(kSleepers) != "1") absl::SleepFor(absl::Milliseconds(1));
    cancelled = absl::Now();
    cancellation.Cancel();
  });
  EXPECT_THAT(database_.Read({.deadline = absl::Now() + absl::Seconds(20), .cancellation = &cancellation},
                             [](Transaction& tx) { return tx.Query(kSleep).size(); }),
              StatusIs(absl::StatusCode::kCancelled));
  const absl::Time answered = absl::Now();
  caller.join();
  while (postgres_.QueryValue(kSleepers) != "0") absl::SleepFor(absl::Milliseconds(1));
  const absl::Time stopped = absl::Now();
  // 50 ms is the promise; the rest is for a machine that does other things too.
  EXPECT_LT(answered - cancelled, absl::Seconds(5));
  EXPECT_LT(stopped - cancelled, absl::Seconds(5));
  RecordProperty("answered_ms", absl::FormatDuration(answered - cancelled));
  RecordProperty("stopped_ms", absl::FormatDuration(stopped - cancelled));
}

TEST_F(Faults, ADeadlineOverSeveralStatementsIsKept) {
  constexpr char kNap[] = "SELECT pg_sleep(0.15)";
  const absl::Time start = absl::Now();
  EXPECT_THAT(database_.Read(For(absl::Milliseconds(400)),
                             [&](Transaction& tx) {
                               for (int i = 0; i < 10; ++i) tx.Query(kNap);
                               return absl::OkStatus();
                             }),
              StatusIs(absl::StatusCode::kDeadlineExceeded, "DEADLINE_PASSED"));
  EXPECT_LT(absl::Now() - start, kDeadlineAndSomeLoad);
}

TEST_F(Faults, AnIdleConnectionThatWasEndedIsNotUsed) {
  const absl::StatusOr<int> pid =
      database_.Read(For(absl::Seconds(5)), [](Transaction& tx) { return tx.Query(kPid)[0][0].as<int>(); });
  ASSERT_THAT(pid, IsOk());
  postgres_.Execute(absl::StrCat("SELECT pg_terminate_backend(", *pid, ", 5000)"));
  int runs = 0;
  EXPECT_THAT(database_.Write(For(absl::Seconds(5)),
                              [&](Transaction& tx) {
                                ++runs;
                                return ChangeOnce(tx);
                              }),
              IsOk());
  EXPECT_EQ(runs, 1);
}

TEST_F(Faults, ABackendThatIsEndedWithinATransactionIsSurvived) {
  int runs = 0;
  EXPECT_THAT(database_.Write(For(absl::Seconds(5)),
                              [&](Transaction& tx) {
                                if (++runs == 1) {
                                  const int pid = tx.Query(kPid)[0][0].as<int>();
                                  postgres_.Execute(absl::StrCat("SELECT pg_terminate_backend(", pid, ", 5000)"));
                                }
                                return ChangeOnce(tx);
                              }),
              IsOk());
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(effects(), "1");
}

TEST_F(Faults, ACommitThatWasLostIsRepeated) {
  FaultProxy proxy(PostgresCluster::Get().folder());
  Database database({.dsn = "host=" + proxy.folder() + " user=masthead dbname=" + postgres_.name()});
  for (const FaultProxy::Fault fault : {FaultProxy::Fault::kLoseCommit, FaultProxy::Fault::kLoseAnswer}) {
    postgres_.Execute("DELETE FROM claim; UPDATE counter SET effects = 0");
    proxy.Arm(fault);
    EXPECT_THAT(database.Write(For(absl::Seconds(5)), ChangeOnce), IsOk());
    EXPECT_EQ(effects(), "1");
  }
  EXPECT_EQ(proxy.lost(), 2);
}

TEST_F(Faults, ACommitThatAFailPointTookAwayIsRepeated) {
  for (const char* points : {"db.commit=throw@1", "db.commit=done_then_throw@1"}) {
    postgres_.Execute("DELETE FROM claim; UPDATE counter SET effects = 0");
    const failpoint::ScopedFailpoints armed(points);
    int runs = 0;
    int committed = 0;
    EXPECT_THAT(database_.Write(For(absl::Seconds(5)),
                                [&](Transaction& tx) {
                                  ++runs;
                                  tx.AfterCommit([&] { ++committed; });
                                  return ChangeOnce(tx);
                                }),
                IsOk());
    EXPECT_EQ(runs, 2) << points;
    EXPECT_EQ(committed, 1) << points;
    EXPECT_EQ(effects(), "1") << points;
  }
}

TEST_F(Faults, ACommitThatIsAlwaysLostIsUnavailable) {
  const failpoint::ScopedFailpoints armed("db.commit=done_then_throw");
  EXPECT_THAT(database_.Write(For(absl::Seconds(5)), ChangeOnce),
              StatusIs(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
  EXPECT_EQ(effects(), "1");
}

TEST_F(Faults, APrimaryThatBecameReadOnlyIsLeft) {
  int runs = 0;
  EXPECT_THAT(database_.Write(For(absl::Seconds(5)),
                              [&](Transaction& tx) {
                                if (++runs == 1) tx.Query(kReadOnly);
                                return ChangeOnce(tx);
                              }),
              IsOk());
  EXPECT_EQ(runs, 2);

  postgres_.Execute("ALTER DATABASE " + postgres_.name() + " SET default_transaction_read_only = on");
  Database database({.dsn = postgres_.dsn()});
  EXPECT_THAT(database.Write(For(absl::Seconds(5)), ChangeOnce),
              StatusIs(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE"));
}

TEST_F(Faults, ManyCallersSurviveBackendsThatKeepEnding) {
  Database database({.dsn = postgres_.dsn(), .max_connections = 4});
  std::atomic<bool> done = false;
  std::thread killer([&] {
    pqxx::connection connection(postgres_.dsn() + " application_name=killer");
    while (!done) {
      pqxx::nontransaction(connection)
          .exec(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'masthead' AND datname "
              "= current_database() "
              "ORDER BY random() LIMIT 1");
      absl::SleepFor(absl::Milliseconds(20));
    }
  });
  std::atomic<int> served = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        if (database.Write(For(absl::Seconds(5)), [](Transaction& tx) { return tx.Query(kPid).size(); }).ok()) ++served;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  done = true;
  killer.join();
  EXPECT_GE(served, 190);
  EXPECT_EQ(database.pool_use().in_use, 0);
}

}  // namespace
}  // namespace masthead::db

#include "common/service/maintenance.h"

#include "absl/time/clock.h"
#include "common/crypto/mac.h"
#include "common/events/feed.h"
#include "common/ids/uuid.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::service {

absl::Span<const db::Migration> Schema();

namespace {

using ::masthead::testing::IsOk;

constexpr absl::Duration kDay = absl::Hours(24);

// One answer, one event and one audit row, all of now.
class MaintenanceTest : public ::testing::Test {
 protected:
  MaintenanceTest() {
    database_.Execute(R"sql(
      INSERT INTO idempotency (principal, method, request_id, request_hash, response)
      VALUES ('staffMembers/olena', 'm', gen_random_uuid(), 'h', 'r');
      INSERT INTO audit_event (principal, kind, method, resource, request_id, peer, revision_before, revision_after)
      VALUES ('staffMembers/olena', 'STAFF', 'm', 'articles/1', gen_random_uuid(), 'p', 1, 2)
    )sql");
    events::Feed feed(database_.database(), crypto::MacKey::Random());
    EXPECT_THAT(database_.database().Write({},
                                           [&](db::Transaction& tx) {
                                             feed.Append(tx, {.event_id = ids::NewUuid(),
                                                              .type = "article.published",
                                                              .resource = "articles/1",
                                                              .revision = 2});
                                             return absl::OkStatus();
                                           }),
                IsOk());
  }

  // Until nothing is left to do, as the thread does.
  void Maintain(absl::Duration audit_kept) {
    Maintenance maintenance(database_.database(), audit_kept);
    absl::StatusOr<bool> more_left = true;
    while (more_left.ok() && *more_left) more_left = maintenance.Run({.deadline = absl::Now() + absl::Seconds(20)});
    EXPECT_THAT(more_left, IsOk());
  }

  // Answers, events and audit rows.
  std::string Left() {
    return database_.QueryValue(
        "SELECT concat_ws(' ', (SELECT count(*) FROM idempotency), (SELECT count(*) FROM event),"
        " (SELECT count(*) FROM audit_event))");
  }

  testing::TestDatabase database_{Schema()};
};

TEST_F(MaintenanceTest, KeepsAnswersForADayEventsForAMonthAndAuditRowsForTheOperatorsTime) {
  Maintain(100 * kDay);
  EXPECT_EQ(Left(), "1 1 1");
  database_.MoveClock(kDay + absl::Minutes(1));
  Maintain(100 * kDay);
  EXPECT_EQ(Left(), "0 1 1");
  database_.MoveClock(30 * kDay);
  Maintain(100 * kDay);
  EXPECT_EQ(Left(), "0 0 1");
  database_.MoveClock(70 * kDay);
  Maintain(100 * kDay);
  EXPECT_EQ(Left(), "0 0 0");
}

TEST_F(MaintenanceTest, DoesAlsoWhatIsTheServicesOwnUntilNothingIsLeft) {
  int batches = 3;
  Maintenance maintenance(database_.database(), 30 * kDay, [&](const Scope&) { return --batches > 0; });
  absl::StatusOr<bool> more_left = true;
  while (more_left.ok() && *more_left) more_left = maintenance.Run({.deadline = absl::Now() + absl::Seconds(20)});
  EXPECT_THAT(more_left, IsOk());
  EXPECT_EQ(batches, 0);
}

TEST_F(MaintenanceTest, IsDoneUnaskedFromTheStart) {
  database_.MoveClock(31 * kDay);
  Maintenance maintenance(database_.database(), 30 * kDay);
  maintenance.Start();
  const absl::Time patience = absl::Now() + absl::Seconds(20);
  while (Left() != "0 0 0" && absl::Now() < patience) {
  }
  maintenance.Stop();
  EXPECT_EQ(Left(), "0 0 0");
}

}  // namespace
}  // namespace masthead::service

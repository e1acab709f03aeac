// What operators see of deliveries that wait.
#include "common/base/scope.h"
#include "common/telemetry/metrics.h"
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using mail::SmtpSink;
using ::masthead::testing::IsOk;

class OldestWaitingTest : public QuietNewsroomTest {
 protected:
  double Seconds(const std::string& lane) {
    const Cancellation never;
    EXPECT_THAT(notifications_->oldest_waiting().Step(never), IsOk());
    return telemetry::Gauge("masthead_delivery_oldest_waiting_seconds", "", {{"lane", lane}}).Value();
  }

  // Breaking news that was told to nobody yet, an hour ago.
  void HourOldNews() {
    AddReader("olha", {"breaking"});
    articles_.Publish({.id = "talks", .breaking = true});
    MessageAbout("talks");
    postgres_.Execute("UPDATE messages SET create_time = create_time - interval '1 hour'");
  }
};

TEST_F(OldestWaitingTest, IsNothingWhereNothingWaits) {
  EXPECT_EQ(Seconds("BREAKING"), 0);
  EXPECT_EQ(Seconds("BULK"), 0);
}

TEST_F(OldestWaitingTest, IsTheAgeOfNewsUntilItIsHandedOver) {
  HourOldNews();
  EXPECT_NEAR(Seconds("BREAKING"), 3600, 300);  // While nobody has counted its readers.
  EXPECT_EQ(Seconds("ALERT"), 0);
  ASSERT_THAT(FanOutAll(), IsOk());
  EXPECT_NEAR(Seconds("BREAKING"), 3600, 300);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(Seconds("BREAKING"), 0);
}

TEST_F(OldestWaitingTest, GrowsWhileTheMailRelaySendsUsAway) {
  HourOldNews();
  ASSERT_THAT(FanOutAll(), IsOk());
  sink_.Set(SmtpSink::At::kBanner, {.act = SmtpSink::Act::kReplyDrop, .text = "421 4.3.2 shutting down\r\n"});
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_NEAR(Seconds("BREAKING"), 3600, 300);
}

TEST_F(OldestWaitingTest, LeavesOutWhatIsPaused) {
  HourOldNews();
  ASSERT_THAT(FanOutAll(), IsOk());
  postgres_.Execute("UPDATE messages SET state = 'PAUSED'");
  EXPECT_EQ(Seconds("BREAKING"), 0);
}

TEST_F(OldestWaitingTest, ItsChunksAreCountedForWhoeverMayOnlyCount) {
  HourOldNews();
  ASSERT_THAT(FanOutAll(), IsOk());
  EXPECT_EQ(postgres_.QueryValue("SELECT due_chunks()"), "1");
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(postgres_.QueryValue("SELECT due_chunks()"), "0");
}

}  // namespace
}  // namespace masthead::notifications

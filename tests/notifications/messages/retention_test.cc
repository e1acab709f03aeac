// Who was told what is known for 90 days.
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/notifications/messages/retention_store.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Retention : public QuietNewsroomTest {
 protected:
  // Rounds until nothing is left; how many that took.
  int Forget(int limit) {
    for (int rounds = 0;; ++rounds) {
      const absl::StatusOr<bool> more = postgres_.database().Write(
          {.deadline = absl::Now() + absl::Seconds(10)},
          [&](db::Transaction& tx) { return ForgetOldDeliveries(tx, kDeliveriesKept, limit); });
      EXPECT_THAT(more, IsOk());
      if (!more.value_or(false)) return rounds;
    }
  }

  std::string Rows() {
    return postgres_.QueryValue(
        "SELECT (SELECT count(*) FROM deliveries) || ' ' || (SELECT count(*) FROM exclusions) || ' ' || "
        "(SELECT count(*) FROM attempts)");
  }
};

TEST_F(Retention, ForgetsDeliveriesOfOldMessagesAndKeepsTheirCounts) {
  for (int i = 0; i < 5; ++i) AddReader(absl::StrCat("reader-", i), {"section-war"});
  memberships_.Consent("reader-4", "section-war", false);
  UntilSubscribed("reader-4", "section-war", "UNSUBSCRIBED");
  sink_.RefuseRecipient("reader-0@readers.example", "550 5.1.1 nobody\r\n");
  articles_.Publish({.id = "talks"});
  const std::string name = MessageAbout("talks").name();
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(Rows(), "4 1 1");

  postgres_.MoveClock(absl::Hours(24 * 89));
  EXPECT_EQ(Forget(3), 0);
  postgres_.MoveClock(absl::Hours(24 * 2));
  EXPECT_EQ(Forget(3), 2) << "not more than 3 deliveries at a time";
  EXPECT_EQ(Rows(), "0 0 0");
  EXPECT_EQ(Forget(3), 0) << "once and for all";
  const v1::Message message = GetMessage(name);
  EXPECT_EQ(message.counts().sent(), 3);
  EXPECT_EQ(message.counts().failed(), 1);
  EXPECT_EQ(message.counts().exclusions(), 1);
  EXPECT_THAT(Deliveries(name), IsEmpty());
}

TEST_F(Retention, LeavesWhatHasNotEnded) {
  AddReader("olha", {"section-war"});
  sink_.Set(mail::SmtpSink::At::kRcpt, {.act = mail::SmtpSink::Act::kReply, .text = "450 4.2.0 later\r\n"});
  articles_.Publish({.id = "talks"});
  const std::string name = MessageAbout("talks").name();
  ASSERT_THAT(FanOutAll(), IsOk());
  ASSERT_THAT(SendAll(), IsOk());
  postgres_.MoveClock(absl::Hours(24 * 100));
  EXPECT_EQ(Forget(1000), 0);
  EXPECT_THAT(Deliveries(name), SizeIs(1));
}

}  // namespace
}  // namespace masthead::notifications

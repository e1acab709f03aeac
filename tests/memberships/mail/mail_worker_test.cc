// Letters on their way to notifications.
#include "services/memberships/mail/mail_worker.h"

#include "common/base/errors.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class MailWorkerTest : public NewsroomTest {
 protected:
  void Queue(const OutgoingMail& mail) {
    ASSERT_THAT(database_.database().Write({},
                                           [&](db::Transaction& tx) {
                                             QueueMail(tx, mail, DatabaseNow());
                                             return absl::OkStatus();
                                           }),
                IsOk());
  }
  OutgoingMail Receipt(absl::Duration expiry = absl::Hours(1)) {
    return {.template_id = "receipt",
            .member_id = "",
            .address = "nina@example.org",
            .locale = "uk",
            .values = {{"amount", "5.00 EUR"}},
            .expire_time = DatabaseNow() + expiry};
  }
  std::string Waiting() { return database_.QueryValue("SELECT count(*) FROM outgoing_mail"); }
};

TEST_F(MailWorkerTest, HandsALetterOverOnceAndForgetsIt) {
  Queue(Receipt());
  EXPECT_EQ(
      database_.QueryValue("SELECT count(*) FROM outgoing_mail o WHERE o::text LIKE '%nina%' OR o::text LIKE '%EUR%'"),
      "0");
  SendMail();
  ASSERT_THAT(notifications_.letters(), SizeIs(1));
  const auto letter = notifications_.letters()[0];
  EXPECT_EQ(letter.template_(), "templates/receipt");
  EXPECT_EQ(letter.address(), "nina@example.org");
  EXPECT_EQ(letter.locale(), "uk");
  EXPECT_EQ(letter.values().at("amount"), "5.00 EUR");
  EXPECT_EQ(Waiting(), "0");
}

TEST_F(MailWorkerTest, NamesAMemberAndKnowsNoAddress) {
  OutgoingMail mail = Receipt();
  mail.member_id = "nina";
  Queue(mail);
  SendMail();
  EXPECT_EQ(notifications_.letters().at(0).member(), "members/nina");
}

TEST_F(MailWorkerTest, TriesAgainLaterAndLaterWhileNotificationsIsAway) {
  notifications_.Answer(absl::UnavailableError("away"));
  Queue(Receipt());
  SendMail();
  const int first = notifications_.calls();
  EXPECT_GE(first, 1);
  SendMail();
  EXPECT_EQ(notifications_.calls(), first) << "not before its time";
  notifications_.Answer(absl::OkStatus());
  MoveTime(absl::Seconds(2));
  SendMail();
  EXPECT_THAT(notifications_.letters(), SizeIs(1));
  EXPECT_EQ(Waiting(), "0");
}

TEST_F(MailWorkerTest, GivesUpWhatIsTooOldOrCannotBeSent) {
  notifications_.Answer(absl::UnavailableError("away"));
  Queue(Receipt(absl::Minutes(1)));
  SendMail();
  MoveTime(absl::Minutes(2));
  SendMail();
  EXPECT_EQ(Waiting(), "0");
  notifications_.Answer(absl::InvalidArgumentError("no such address"));
  Queue(Receipt());
  SendMail();
  EXPECT_EQ(Waiting(), "0");
  EXPECT_THAT(notifications_.letters(), IsEmpty());
}

TEST_F(MailWorkerTest, WaitsForAMemberWhomNotificationsHasNotHeardOfYet) {
  notifications_.Answer(
      MakeError(absl::StatusCode::kNotFound, "not yet", {"notifications.masthead", "RECIPIENT_NOT_FOUND"}));
  Queue(Receipt());
  SendMail();
  EXPECT_EQ(Waiting(), "1");
}

TEST_F(MailWorkerTest, SendsSignInLinksBeforeEverythingElse) {
  for (int i = 0; i < 3; ++i) Queue(Receipt());
  OutgoingMail link = Receipt();
  link.template_id = "sign-in";
  Queue(link);
  SendMail();
  EXPECT_EQ(notifications_.letters().at(0).template_(), "templates/sign-in");
}

TEST_F(MailWorkerTest, AWorkerThatDiesAfterTheCallLeavesALetterThatIsNotSentTwice) {
  Queue(Receipt());
  {
    failpoint::ScopedFailpoints dies("memberships.mail.sent=throw@1");
    EXPECT_ANY_THROW(memberships_.mail_worker().Step({}).IgnoreError());
  }
  EXPECT_EQ(Waiting(), "1");
  MoveTime(absl::Minutes(1));
  SendMail();
  EXPECT_EQ(notifications_.calls(), 2);
  EXPECT_THAT(notifications_.letters(), SizeIs(1));
  EXPECT_EQ(Waiting(), "0");
}

TEST_F(MailWorkerTest, ALetterIsHandedOverWithinASecondOfItsCommit) {
  memberships_.mail_worker().Start();
  const absl::Time start = absl::Now();
  Queue(Receipt());
  while (notifications_.letters().empty() && absl::Now() < start + absl::Seconds(10))
    absl::SleepFor(absl::Milliseconds(1));
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
  memberships_.mail_worker().Stop();
}

TEST_F(MailWorkerTest, ALetterGoesWithTheTransactionThatQueuedIt) {
  EXPECT_FALSE(database_.database()
                   .Write({},
                          [&](db::Transaction& tx) {
                            QueueMail(tx, Receipt(), DatabaseNow());
                            return absl::AbortedError("it did not happen");
                          })
                   .ok());
  EXPECT_EQ(Waiting(), "0");
}

}  // namespace
}  // namespace masthead::memberships

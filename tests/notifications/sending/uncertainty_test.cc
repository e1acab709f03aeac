// Crashes, lost answers, zombies: what is uncertain is said to be, and never sent twice unless that was chosen.
#include "absl/strings/str_cat.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using mail::SmtpSink;
using ::masthead::testing::IsOk;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// The longest that a lease lasts.
constexpr absl::Duration kLease = absl::Minutes(4);

class UncertaintyTest : public QuietNewsroomTest {
 protected:
  explicit UncertaintyTest(bool repeat = false)
      : QuietNewsroomTest([repeat](NotificationsOptions& options) {
          options.alerts.repeat_uncertain_breaking_news = repeat;
          options.sender.window = 4;
        }) {}

  std::string Told(const std::vector<std::string>& readers) {
    for (const std::string& reader : readers) AddReader(reader, {"breaking"});
    articles_.Publish({.id = "talks", .breaking = true});
    const std::string name = MessageAbout("talks").name();
    EXPECT_THAT(FanOutAll(), IsOk());
    return name;
  }

  int64_t Resolve(const std::string& name, v1::ResolveUncertainDeliveriesRequest::Outcome outcome) {
    v1::ResolveUncertainDeliveriesRequest request;
    request.set_parent(name);
    request.set_outcome(outcome);
    v1::ResolveUncertainDeliveriesResponse response;
    EXPECT_THAT(deliveries_->ResolveUncertainDeliveries(AsSupport().get(), request, &response), IsOk());
    return response.resolved_count();
  }

  std::string MessageIdOf(const std::string& letter) {
    const size_t start = letter.find("Message-ID: ");
    return letter.substr(start, letter.find("\r\n", start) - start);
  }
};

class RepeatingTest : public UncertaintyTest {
 protected:
  RepeatingTest() : UncertaintyTest(/*repeat=*/true) {}
};

TEST_F(UncertaintyTest, AnAnswerLostAfterTheFinalDotIsUncertainAndNotSentAgain) {
  sink_.Set(SmtpSink::At::kFinalDot, {.act = SmtpSink::Act::kDrop, .times = 1});
  const std::string name = Told({"a"});
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(name, "a").state(), v1::Delivery::UNCERTAIN);
  postgres_.MoveClock(kLease);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(LettersTo("a"), SizeIs(1));
  const v1::Message message = GetMessage(name);
  EXPECT_EQ(message.counts().uncertain(), 1);
  EXPECT_EQ(message.state(), v1::Message::FINISHED);
}

TEST_F(RepeatingTest, AnAnswerLostAfterTheFinalDotIsSentAgainAsTheSameMessage) {
  sink_.Set(SmtpSink::At::kFinalDot, {.act = SmtpSink::Act::kDrop, .times = 1});
  const std::string name = Told({"a"});
  EXPECT_EQ(GetMessage(name).duplicate_policy(), v1::Message::AT_LEAST_ONCE);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(name, "a").state(), v1::Delivery::SENT);
  const std::vector<SmtpSink::Message> letters = LettersTo("a");
  ASSERT_THAT(letters, SizeIs(2));
  EXPECT_EQ(letters[0].bytes, letters[1].bytes) << "the very same bytes, Message-ID included";
}

// A sender stops where the fail point is; another takes its chunk over when the lease has ended.
TEST_F(UncertaintyTest, AStopBetweenIntentAndOutcomeLeavesOneWindowUncertainAndSendsTheRestOnce) {
  const std::string name = Told({"a", "b", "c", "d", "e", "f"});
  {
    const failpoint::ScopedFailpoints armed("notifications.outcome.before=throw@1");
    EXPECT_THAT(SendStep(), Not(IsOk()));
  }
  EXPECT_THAT(sink_.messages(), SizeIs(4));
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_THAT(sink_.messages(), SizeIs(4)) << "the lease holds";
  postgres_.MoveClock(kLease);
  ASSERT_THAT(SendAll(), IsOk());

  EXPECT_THAT(sink_.messages(), SizeIs(6)) << "nobody twice";
  const v1::Message message = GetMessage(name);
  EXPECT_EQ(message.counts().uncertain(), 4);
  EXPECT_EQ(message.counts().sent(), 2);
  EXPECT_EQ(message.counts().pending(), 0);
}

TEST_F(UncertaintyTest, AStopAfterTheIntentIsUncertainThoughNothingWasSent) {
  const std::string name = Told({"a"});
  {
    const failpoint::ScopedFailpoints armed("notifications.intent.committed=throw@1");
    EXPECT_THAT(SendStep(), Not(IsOk()));
  }
  postgres_.MoveClock(kLease);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(DeliveryTo(name, "a").state(), v1::Delivery::UNCERTAIN);
  EXPECT_THAT(sink_.messages(), IsEmpty());
}

TEST_F(RepeatingTest, AStopAfterTheIntentIsSentByTheNextSender) {
  const std::string name = Told({"a", "b", "c", "d", "e", "f"});
  {
    const failpoint::ScopedFailpoints armed("notifications.outcome.before=throw@1");
    EXPECT_THAT(SendStep(), Not(IsOk()));
  }
  postgres_.MoveClock(kLease);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).counts().sent(), 6);
  EXPECT_THAT(sink_.messages(), SizeIs(10)) << "one window twice, and no more";
  const std::vector<SmtpSink::Message> letters = LettersTo("a");
  ASSERT_THAT(letters, SizeIs(2));
  EXPECT_EQ(MessageIdOf(letters[0].bytes), MessageIdOf(letters[1].bytes));
}

TEST_F(UncertaintyTest, AStopBeforeTheIntentLosesNothing) {
  const std::string name = Told({"a", "b"});
  {
    const failpoint::ScopedFailpoints armed("notifications.lease.taken=throw@1");
    EXPECT_THAT(SendStep(), Not(IsOk()));
  }
  postgres_.MoveClock(kLease);
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(GetMessage(name).counts().sent(), 2);
  EXPECT_THAT(sink_.messages(), SizeIs(2));
}

TEST_F(UncertaintyTest, ALostAnswerToAnyCommitNeitherLosesNorDoubles) {
  const std::string name = Told({"a", "b", "c", "d", "e", "f"});
  for (int commit = 1; commit <= 8; ++commit) {
    const failpoint::ScopedFailpoints armed(absl::StrCat("db.commit=done_then_throw@", commit));
    ASSERT_THAT(SendAll(), IsOk());
    postgres_.MoveClock(kLease);
  }
  EXPECT_EQ(GetMessage(name).counts().sent(), 6);
  EXPECT_EQ(GetMessage(name).state(), v1::Message::FINISHED);
  EXPECT_THAT(sink_.messages(), SizeIs(6));
}

TEST_F(UncertaintyTest, AZombieWritesNothingAfterItsLeaseWasTakenOver) {
  const std::string name = Told({"a", "b"});
  const Scope scope = {.deadline = absl::Now() + absl::Seconds(10)};
  const auto zombie =
      postgres_.database().Write(scope, [](db::Transaction& tx) { return TakeLease(tx, absl::Minutes(3)); });
  ASSERT_THAT(zombie, IsOk());
  ASSERT_TRUE(zombie->has_value());
  postgres_.MoveClock(kLease);
  const auto heir =
      postgres_.database().Write(scope, [](db::Transaction& tx) { return TakeLease(tx, absl::Minutes(3)); });
  ASSERT_THAT(heir, IsOk());
  ASSERT_TRUE(heir->has_value());
  EXPECT_EQ((*heir)->chunk_no, (*zombie)->chunk_no);
  EXPECT_GT((*heir)->epoch, (*zombie)->epoch);

  EXPECT_THAT(
      postgres_.database().Write(scope, [&](db::Transaction& tx) { return HoldLease(tx, **zombie, absl::Minutes(3)); }),
      ::masthead::testing::IsOkAndHolds(false));
  EXPECT_THAT(
      postgres_.database().Write(scope, [&](db::Transaction& tx) { return HoldLease(tx, **heir, absl::Minutes(3)); }),
      ::masthead::testing::IsOkAndHolds(true));
}

TEST_F(UncertaintyTest, SomebodyWhoLookedMaySayThatItWasSent) {
  sink_.Set(SmtpSink::At::kFinalDot, {.act = SmtpSink::Act::kDrop, .times = 1});
  const std::string name = Told({"a"});
  ASSERT_THAT(SendAll(), IsOk());
  EXPECT_EQ(Resolve(name, v1::ResolveUncertainDeliveriesRequest::SENT), 1);
  EXPECT_EQ(DeliveryTo(name, "a").state(), v1::Delivery::SENT);
  EXPECT_EQ(GetMessage(name).counts().uncertain(), 0);
  EXPECT_EQ(GetMessage(name).counts().sent(), 1);
  EXPECT_EQ(Resolve(name, v1::ResolveUncertainDeliveriesRequest::SENT), 0);
}

TEST_F(UncertaintyTest, SomebodyWhoLookedMayHaveItSentAgain) {
  sink_.Set(SmtpSink::At::kFinalDot, {.act = SmtpSink::Act::kDrop, .times = 1});
  const std::string name = Told({"a", "b"});
  ASSERT_THAT(SendAll(), IsOk());
  const int64_t uncertain = GetMessage(name).counts().uncertain();
  ASSERT_GE(uncertain, 1);
  EXPECT_EQ(Resolve(name, v1::ResolveUncertainDeliveriesRequest::NOT_SENT), uncertain);
  ASSERT_THAT(SendAll(), IsOk());
  const v1::Message message = UntilEnded(name);
  EXPECT_EQ(message.counts().sent(), 2);
  EXPECT_EQ(message.counts().uncertain(), 0);
  EXPECT_EQ(message.state(), v1::Message::FINISHED);
}

}  // namespace
}  // namespace masthead::notifications

// From a message to deliveries and exclusions: everybody in exactly one of them, whatever happens in between.
#include "absl/strings/str_cat.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOk;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class FanOutTest : public QuietNewsroomTest {
 protected:
  FanOutTest()
      : QuietNewsroomTest(
            [](NotificationsOptions& options) { options.fan_out = {.first_slice = 2, .slice = 3, .chunk = 4}; }) {}

  // `count` readers without going through the feed.
  void AddCrowd(int count, const std::string& topic = "breaking") {
    AddReader("anchor", {});  // Comes after the first export, which would erase whom it does not name.
    postgres_.Execute(absl::StrCat(R"sql(
        INSERT INTO recipients (id) SELECT 'crowd-' || i FROM generate_series(1, )sql",
                                   count, R"sql() AS i;
        INSERT INTO endpoints (recipient_number, id, mailbox, address_hash)
        SELECT number, 'email', id || '@readers.example', sha256(id::bytea) FROM recipients WHERE id LIKE 'crowd-%';
        INSERT INTO subscriptions (topic_number, recipient_number, state, source, state_time, create_time)
        SELECT t.number, r.number, 'ACTIVE', 'CONSENT', db_now(), db_now()
        FROM recipients r, topics t WHERE r.id LIKE 'crowd-%' AND t.id = ')sql",
                                   topic, "'"));
  }

  v1::Message PublishBreaking(const std::string& id = "talks") {
    articles_.Publish({.id = id, .breaking = true});
    return MessageAbout(id);
  }
};

TEST_F(FanOutTest, AccountsForEverybodyByReason) {
  AddReader("told", {"breaking"});
  AddReader("left", {"breaking"});
  memberships_.Consent("left", "breaking", false);
  UntilSubscribed("left", "breaking", "UNSUBSCRIBED");
  memberships_.Register("twin-a", "Same@Readers.example");
  memberships_.Register("twin-b", "same@readers.example");
  memberships_.Register("nowhere", "no address at all");
  memberships_.Register("bounced", "bounced@readers.example");
  for (const char* id : {"twin-a", "twin-b", "nowhere", "bounced"}) {
    memberships_.Consent(id, "breaking", true);
    UntilSubscribed(id, "breaking", "ACTIVE");
  }
  postgres_.Execute(
      "INSERT INTO suppressions (address_hash, reason) VALUES (sha256('bounced@readers.example'), 'HARD_BOUNCE')");

  const std::string name = PublishBreaking().name();
  ASSERT_THAT(FanOutAll(), IsOk());
  const v1::Message message = GetMessage(name);
  EXPECT_EQ(message.counts().candidates(), 6);
  EXPECT_EQ(message.counts().deliveries(), 2);
  EXPECT_EQ(message.counts().exclusions(), 4);
  EXPECT_EQ(message.counts().pending(), 2);
  EXPECT_EQ(message.state(), v1::Message::SENDING);
  EXPECT_THAT(Exclusions(name),
              UnorderedElementsAre("recipients/left: UNSUBSCRIBED", "recipients/twin-b: DUPLICATE_ADDRESS",
                                   "recipients/nowhere: INVALID_ADDRESS", "recipients/bounced: SUPPRESSED"));
}

TEST_F(FanOutTest, KnowsOfASuppressionWhicheverCameFirstTheAddressOrIt) {
  const auto suppressed = [&](const std::string& id) {
    return postgres_.QueryValue(absl::StrCat(
        "SELECT e.suppressed FROM endpoints e JOIN recipients r ON r.number = e.recipient_number WHERE r.id = '", id,
        "'"));
  };
  AddReader("early", {"breaking"});
  postgres_.Execute(
      "INSERT INTO suppressions (address_hash, reason) VALUES (sha256('late@readers.example'), 'COMPLAINT')");
  AddReader("late", {"breaking"});
  EXPECT_EQ(suppressed("early"), "f");
  EXPECT_EQ(suppressed("late"), "t");
  postgres_.Execute(
      "INSERT INTO suppressions (address_hash, reason) SELECT address_hash, 'MANUAL' FROM endpoints "
      "ON CONFLICT DO NOTHING");
  EXPECT_EQ(suppressed("early"), "t");
  postgres_.Execute("DELETE FROM suppressions WHERE reason = 'COMPLAINT'");
  EXPECT_EQ(suppressed("late"), "f");

  const std::string name = PublishBreaking().name();
  ASSERT_THAT(FanOutAll(), IsOk());
  EXPECT_THAT(Exclusions(name), UnorderedElementsAre("recipients/early: SUPPRESSED"));
  EXPECT_EQ(DeliveryTo(name, "late").topic(), "topics/breaking");
}

TEST_F(FanOutTest, TellsOnlyWhoIsEntitledToATopicForATier) {
  AddReader("gold", {"section-war"}, "", {"tiers/gold"});
  AddReader("free", {"section-war"});
  AddReader("both", {"section-war", "breaking"});
  v1::UpdateTopicRequest request;
  request.mutable_topic()->set_name("topics/section-war");
  request.mutable_topic()->set_etag("*");
  request.mutable_topic()->set_required_entitlement("tiers/gold");
  v1::Topic topic;
  ASSERT_THAT(subscriptions_->UpdateTopic(AsEditor().get(), request, &topic), IsOk());

  const std::string name = PublishBreaking().name();
  ASSERT_THAT(FanOutAll(), IsOk());
  EXPECT_THAT(Exclusions(name), UnorderedElementsAre("recipients/free: NOT_ENTITLED"));
  EXPECT_EQ(DeliveryTo(name, "gold").topic(), "topics/section-war");
  EXPECT_EQ(DeliveryTo(name, "both").topic(), "topics/breaking");
}

TEST_F(FanOutTest, GoesSliceBySliceAndTheFirstIsSmall) {
  AddCrowd(11);
  const std::string name = PublishBreaking().name();
  std::vector<int64_t> candidates;
  while (GetMessage(name).state() == v1::Message::PREPARING) {
    ASSERT_THAT(FanOutStep(), IsOk());
    candidates.push_back(GetMessage(name).counts().candidates());
  }
  EXPECT_THAT(candidates, ::testing::ElementsAre(2, 5, 8, 11));
  EXPECT_THAT(Deliveries(name), SizeIs(11));
}

TEST_F(FanOutTest, RepeatsASliceWhoseCommitNeverHappened) {
  AddCrowd(7);
  const std::string name = PublishBreaking().name();
  {
    const failpoint::ScopedFailpoints armed("notifications.fanout.slice=throw@2");
    EXPECT_THAT(FanOutAll(), Not(IsOk()));
  }
  ASSERT_THAT(FanOutAll(), IsOk());
  EXPECT_EQ(GetMessage(name).counts().candidates(), 7);
  EXPECT_EQ(GetMessage(name).counts().deliveries(), 7);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) || ' ' || count(DISTINCT recipient_number) FROM deliveries"), "7 7");
}

TEST_F(FanOutTest, SurvivesACommitWhoseAnswerWasLost) {
  AddCrowd(7);
  const std::string name = PublishBreaking().name();
  {
    const failpoint::ScopedFailpoints armed("db.commit=done_then_throw@2");
    EXPECT_THAT(FanOutAll(), IsOk());
  }
  ASSERT_THAT(FanOutAll(), IsOk());
  EXPECT_EQ(GetMessage(name).counts().deliveries(), 7);
  EXPECT_EQ(postgres_.QueryValue("SELECT count(*) || ' ' || count(DISTINCT recipient_number) FROM deliveries"), "7 7");
}

TEST_F(FanOutTest, IncludesNobodyWhoCameAfterTheMessageWasMade) {
  AddReader("early", {"breaking"});
  AddReader("follows-later", {});
  const std::string name = PublishBreaking().name();
  AddReader("late", {"breaking"});
  memberships_.Consent("follows-later", "breaking", true);
  UntilSubscribed("follows-later", "breaking", "ACTIVE");
  ASSERT_THAT(FanOutAll(), IsOk());
  const std::vector<v1::Delivery> deliveries = Deliveries(name);
  ASSERT_THAT(deliveries, SizeIs(1));
  EXPECT_EQ(deliveries[0].recipient(), "recipients/early");
}

TEST_F(FanOutTest, LeavesOutWhoLeftBeforeTheirSlice) {
  AddReader("stays", {"breaking"});
  AddReader("leaves", {"breaking"});
  const std::string name = PublishBreaking().name();
  memberships_.Consent("leaves", "breaking", false);
  UntilSubscribed("leaves", "breaking", "UNSUBSCRIBED");
  ASSERT_THAT(FanOutAll(), IsOk());
  EXPECT_THAT(Exclusions(name), UnorderedElementsAre("recipients/leaves: UNSUBSCRIBED"));
}

TEST_F(FanOutTest, TakesTheMoreUrgentMessageFirst) {
  AddCrowd(7);
  memberships_.Register("ira", "ira@readers.example");
  memberships_.Consent("ira", "section-culture", true);
  UntilSubscribed("ira", "section-culture", "ACTIVE");
  articles_.Publish({.id = "exhibition", .section = "culture"});
  const std::string slow = MessageAbout("exhibition").name();
  const std::string urgent = PublishBreaking().name();
  ASSERT_THAT(FanOutStep(), IsOk());
  EXPECT_EQ(GetMessage(slow).counts().candidates(), 0);
  EXPECT_EQ(GetMessage(urgent).counts().candidates(), 2);
}

TEST_F(FanOutTest, FailsAMessageWhoseAccountsDoNotAddUp) {
  AddCrowd(7);
  const std::string name = PublishBreaking().name();
  ASSERT_THAT(FanOutStep(), IsOk());
  postgres_.Execute("UPDATE fanouts SET deliveries = deliveries - 1");
  ASSERT_THAT(FanOutAll(), IsOk());
  const v1::Message message = GetMessage(name);
  EXPECT_EQ(message.state(), v1::Message::FAILED);
  EXPECT_THAT(message.failure(), Not(IsEmpty()));
}

TEST_F(FanOutTest, PagesThroughDeliveriesEachOnce) {
  AddCrowd(7);
  const std::string name = PublishBreaking().name();
  ASSERT_THAT(FanOutAll(), IsOk());
  std::set<std::string> seen;
  v1::ListDeliveriesRequest request;
  request.set_parent(name);
  request.set_page_size(3);
  do {
    v1::ListDeliveriesResponse response;
    ASSERT_THAT(deliveries_->ListDeliveries(AsSupport().get(), request, &response), IsOk());
    for (const v1::Delivery& delivery : response.deliveries()) EXPECT_TRUE(seen.insert(delivery.name()).second);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(seen, SizeIs(7));
}

}  // namespace
}  // namespace masthead::notifications

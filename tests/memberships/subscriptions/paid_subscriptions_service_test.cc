#include "services/memberships/subscriptions/paid_subscriptions_service.h"

#include "gmock/gmock.h"
#include "tests/memberships/subscriptions/subscriber.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using State = Subscription::State;

class PaidSubscriptionsServiceTest : public SubscriberTest {
 protected:
  PaidSubscriptionsServiceTest() { SetTime("2025-06-01T00:00:00Z"); }

  template <typename Request>
  Request About(const std::string& id) {
    Request request;
    request.set_name("members/nina/subscriptions/" + id);
    request.set_etag("*");
    return request;
  }

  absl::StatusOr<v1::ChangeSubscriptionResponse> Change(const v1::ChangeSubscriptionRequest& request) {
    return Call(Backend(), &Subscriptions::ChangeSubscription, request);
  }

  v1::ChangeSubscriptionRequest To(const std::string& id, const std::string& price) {
    v1::ChangeSubscriptionRequest request = About<v1::ChangeSubscriptionRequest>(id);
    request.set_price("prices/" + price);
    return request;
  }

  absl::StatusOr<v1::Subscription> Cancel(const std::string& id, v1::CancelSubscriptionRequest::Settlement settlement) {
    auto request = About<v1::CancelSubscriptionRequest>(id);
    request.set_timing(v1::CancelSubscriptionRequest::IMMEDIATELY);
    request.set_settlement(settlement);
    return Call(Backend(), &Subscriptions::CancelSubscription, request);
  }
};

TEST_F(PaidSubscriptionsServiceTest, AMemberSeesTheMembersOwn) {
  const std::string id = Subscribe();
  v1::ListSubscriptionsRequest request;
  request.set_parent("members/nina");

  const auto listed = Call(server_.MemberToken("members/nina"), &Subscriptions::ListSubscriptions, request);

  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(listed->subscriptions(), SizeIs(1));
  EXPECT_EQ(listed->subscriptions(0).SerializeAsString(), Get(id).SerializeAsString());
  EXPECT_EQ(Get(id).state(), v1::Subscription::ACTIVE);
  EXPECT_EQ(Get(id).collection(), v1::Subscription::AUTOMATIC);
  EXPECT_EQ(ErrorReason(Call(server_.MemberToken("members/otto"), &Subscriptions::ListSubscriptions, request).status()),
            "NOT_OWN_RESOURCE");
}

TEST_F(PaidSubscriptionsServiceTest, AnUpgradeIsShownBeforehandAndChargedToTheCent) {
  const std::string id = Subscribe();
  SetTime("2025-06-16T00:00:00Z");
  v1::ChangeSubscriptionRequest request = To(id, "better");
  request.set_validate_only(true);
  const auto preview = Change(request);
  ASSERT_THAT(preview, IsOk());
  EXPECT_EQ(preview->total().minor_units(), 250);
  EXPECT_EQ(Value("SELECT count(*) FROM invoices WHERE kind = 'CHANGE'"), "0");
  SetTime("2025-06-16T00:50:00Z");

  request.set_validate_only(false);
  *request.mutable_proration_time() = preview->proration_time();
  const auto change = Change(request);

  ASSERT_THAT(change, IsOk());
  EXPECT_EQ(change->total().minor_units(), 250);
  ASSERT_THAT(change->lines(), SizeIs(2));
  EXPECT_EQ(change->lines(0).amount().minor_units(), preview->lines(0).amount().minor_units());
  EXPECT_EQ(change->subscription().unit_amount().minor_units(), 500) << "not before it is paid";
  EXPECT_EQ(change->subscription().pending_change().invoice(), change->invoice());
  PayCharge();
  EXPECT_EQ(Get(id).unit_amount().minor_units(), 1000);
  EXPECT_FALSE(Get(id).has_pending_change());
  EXPECT_THAT(EventsOf("subscription."), ElementsAre("started", "changed"));
}

TEST_F(PaidSubscriptionsServiceTest, APreviewIsGoodForAnHour) {
  const std::string id = Subscribe();
  SetTime("2025-06-16T00:00:00Z");
  v1::ChangeSubscriptionRequest request = To(id, "better");
  request.mutable_proration_time()->set_seconds(
      absl::ToUnixSeconds(absl::FromUnixSeconds(1750031999) - absl::Hours(1)));
  EXPECT_EQ(ErrorReason(Change(request).status()), "PREVIEW_OUTDATED");
}

TEST_F(PaidSubscriptionsServiceTest, AnUpgradeWhoseChargeFailsChangesNothing) {
  const std::string id = Subscribe();
  SetTime("2025-06-16T00:00:00Z");
  ASSERT_THAT(Change(To(id, "better")), IsOk());

  FailChargeOf();

  EXPECT_EQ(Get(id).state(), v1::Subscription::ACTIVE);
  EXPECT_EQ(Get(id).unit_amount().minor_units(), 500);
  SetTime("2025-07-01T00:00:01Z");
  RunClock();
  EXPECT_FALSE(Get(id).has_pending_change()) << "what was for the old period is void";
  EXPECT_EQ(Get(id).unit_amount().minor_units(), 500);
  EXPECT_EQ(Value("SELECT string_agg(state, ' ') FROM invoices WHERE kind = 'CHANGE'"), "VOID");
}

TEST_F(PaidSubscriptionsServiceTest, ADowngradeWaitsForTheNextPeriod) {
  const std::string id = Subscribe("better", 1000);
  const auto change = Change(To(id, "monthly"));
  ASSERT_THAT(change, IsOk());
  EXPECT_FALSE(change->has_proration_time());
  EXPECT_EQ(change->subscription().pending_change().price(), "prices/monthly");
  SetTime("2025-07-01T00:00:01Z");

  RunClock();

  EXPECT_EQ(Get(id).price(), "prices/monthly");
  EXPECT_EQ(Value("SELECT total FROM invoices WHERE period_index = 1"), "500");
}

TEST_F(PaidSubscriptionsServiceTest, ADowngradeAtOnceCreditsWhatIsNotUsed) {
  const std::string id = Subscribe("better", 1000);
  SetTime("2025-06-11T00:00:00Z");
  v1::ChangeSubscriptionRequest request = To(id, "monthly");
  request.set_timing(v1::ChangeSubscriptionRequest::IMMEDIATE);

  const auto change = Change(request);

  ASSERT_THAT(change, IsOk());
  EXPECT_EQ(change->lines(0).amount().minor_units(), -667);
  EXPECT_EQ(change->lines(1).amount().minor_units(), 333);
  EXPECT_EQ(change->total().minor_units(), 0);
  EXPECT_EQ(change->subscription().price(), "prices/monthly");
}

TEST_F(PaidSubscriptionsServiceTest, AYearInPlaceOfAMonthBeginsANewPeriod) {
  const std::string id = Subscribe();
  SetTime("2025-06-16T00:00:00Z");
  v1::ChangeSubscriptionRequest request = To(id, "yearly");
  request.set_timing(v1::ChangeSubscriptionRequest::IMMEDIATE);
  const auto change = Change(request);
  ASSERT_THAT(change, IsOk());
  EXPECT_EQ(change->total().minor_units(), 4750);

  PayCharge();

  EXPECT_EQ(Get(id).period_end_time().seconds() - Get(id).period_start_time().seconds(), 365 * 86400);
}

TEST_F(PaidSubscriptionsServiceTest, WhatIsNotUsedIsCreditedOrGivenBackAndNeverMore) {
  const std::string id = Subscribe();
  SetTime("2025-06-16T00:00:00Z");
  ASSERT_THAT(Change(To(id, "better")), IsOk());
  PayCharge();
  SetTime("2025-06-23T12:00:00Z");

  const auto subscription = Cancel(id, v1::CancelSubscriptionRequest::REFUND);

  ASSERT_THAT(subscription, IsOk());
  EXPECT_EQ(subscription->state(), v1::Subscription::CANCELED);
  EXPECT_EQ(Value("SELECT sum(amount) FROM refunds"), "250") << "a quarter of a month at 10.00";
  EXPECT_EQ(Value("SELECT count(*) FROM grants WHERE revoke_time IS NULL"), "0");
}

TEST_F(PaidSubscriptionsServiceTest, WhoKeepsWhatIsPaidReadsToTheEndOfThePeriod) {
  const std::string id = Subscribe();
  SetTime("2025-06-16T00:00:00Z");

  const auto subscription = Cancel(id, v1::CancelSubscriptionRequest::KEEP);

  ASSERT_THAT(subscription, IsOk());
  EXPECT_EQ(subscription->access_end_time().seconds(), 1751328000) << "1 July";
}

TEST_F(PaidSubscriptionsServiceTest, AMemberCannotHaveMoneySentBackNorDebtsLetGo) {
  const std::string id = Subscribe();
  auto cancel = About<v1::CancelSubscriptionRequest>(id);
  cancel.set_timing(v1::CancelSubscriptionRequest::IMMEDIATELY);
  cancel.set_settlement(v1::CancelSubscriptionRequest::REFUND);
  auto pause = About<v1::PauseSubscriptionRequest>(id);
  pause.set_waive_debt(true);

  const std::string nina = server_.MemberToken("members/nina");
  EXPECT_EQ(ErrorReason(Call(nina, &Subscriptions::CancelSubscription, cancel).status()), "NOT_OWN_RESOURCE");
  EXPECT_EQ(ErrorReason(Call(nina, &Subscriptions::PauseSubscription, pause).status()), "NOT_OWN_RESOURCE");
}

TEST_F(PaidSubscriptionsServiceTest, ACancellationIsWithdrawnAsOftenAsOneLikes) {
  const std::string id = Subscribe();
  ASSERT_THAT(Call(Backend(), &Subscriptions::CancelSubscription, About<v1::CancelSubscriptionRequest>(id)), IsOk());
  EXPECT_TRUE(Get(id).cancel_at_period_end());
  for (int i = 0; i < 2; ++i) {
    ASSERT_THAT(Call(Backend(), &Subscriptions::ResumeSubscription, About<v1::ResumeSubscriptionRequest>(id)), IsOk());
  }
  EXPECT_FALSE(Get(id).cancel_at_period_end());
  EXPECT_THAT(EventsOf("subscription."), ElementsAre("started", "cancellation_scheduled", "cancellation_withdrawn"));
}

TEST_F(PaidSubscriptionsServiceTest, WhatIsOverIsOver) {
  const std::string id = Subscribe();
  ASSERT_THAT(Cancel(id, v1::CancelSubscriptionRequest::FORFEIT), IsOk());

  const auto resumed = Call(Backend(), &Subscriptions::ResumeSubscription, About<v1::ResumeSubscriptionRequest>(id));

  EXPECT_EQ(ErrorReason(resumed.status()), "INVALID_TRANSITION");
  EXPECT_EQ(ErrorMetadata(resumed.status(), "state"), "CANCELED");
  EXPECT_EQ(ErrorMetadata(resumed.status(), "event"), "RESUME");
}

TEST_F(PaidSubscriptionsServiceTest, AFreeMonthKeepsAReaderAndTakesNothingFromRevenue) {
  database_.Execute(
      "INSERT INTO offers (id, display_name, kind, free_days, duration, occasion, tier_ids, state, revision, "
      "create_time, update_time) VALUES ('stay', 'Stay', 'FREE_DAYS', 30, 'ONCE', 'RETENTION', '{}', 'ACTIVE', 1, "
      "db_now(), db_now())");
  const std::string id = Subscribe();
  auto request = About<v1::ApplyOfferRequest>(id);
  request.set_offer("offers/stay");

  const auto subscription = Call(Backend(), &Subscriptions::ApplyOffer, request);

  ASSERT_THAT(subscription, IsOk());
  EXPECT_EQ(subscription->period_end_time().seconds(), 1751328000 + 30 * 86400);
  EXPECT_EQ(Value("SELECT sum(annual_after - annual_before) FROM subscription_changes"), "6000");
}

TEST_F(PaidSubscriptionsServiceTest, ALostDisputeEndsItAtOnce) {
  const std::string id = Subscribe();
  ASSERT_TRUE(Do<bool>([&](db::Transaction& tx, absl::Time now) {
                EndAtOnce(tx, memberships_.feed(), id, "DISPUTE_LOST", now);
                return true;
              }).ok());
  EXPECT_EQ(Get(id).end_reason(), v1::Subscription::DISPUTE_LOST);
  EXPECT_EQ(Value("SELECT count(*) FROM grants WHERE revoke_time IS NULL"), "0");
}

}  // namespace
}  // namespace masthead::memberships

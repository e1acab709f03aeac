// Subscriptions that Stripe's own billing charges, brought along from elsewhere: what they follow, and what they do
// not.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/memberships/payments/stripe/stripe.h"
#include "services/memberships/payments/webhook_signature.h"
#include "services/memberships/subscriptions/billing_clock.h"
#include "tests/memberships/newsroom.h"
#include "tests/memberships/payments/stripe/fake_stripe.h"

namespace masthead::memberships::stripe {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kSecret[] = "whsec_for_tests";

class ExternalSubscriptionsTest : public NewsroomTest {
 protected:
  ExternalSubscriptionsTest() {
    Register("nina", "nina@example.org");
    MakeTier("gold");
    for (const char* currency : {"eur", "usd"}) {
      database_.Execute(absl::StrCat(
          "INSERT INTO prices (id, tier_id, display_name, currency, amount, interval_unit, interval_count, grace_days, "
          "state, revision, create_time, update_time) VALUES ('gold-",
          currency, "', 'gold', 'Gold', '", absl::AsciiStrToUpper(currency),
          "', 500, 'MONTH', 1, 21, 'ACTIVE', 1, now(), now())"));
    }
  }

  static std::unique_ptr<Providers> StripeAlone(db::Database& database, const FakeStripe& fake) {
    std::vector<std::unique_ptr<PaymentProvider>> providers;
    providers.push_back(std::make_unique<Stripe>(
        database, StripeOptions{.base_url = fake.base_url(), .secret_key = "sk_test_1", .webhook_secrets = {kSecret}}));
    return std::make_unique<Providers>(std::move(providers));
  }

  static Needs With(Needs needs, const Providers& providers) {
    return {.database = needs.database,
            .clock = needs.clock,
            .mac_key = needs.mac_key,
            .signing_keys = needs.signing_keys,
            .address_keys = needs.address_keys,
            .providers = providers,
            .notifications = needs.notifications};
  }

  // As Stripe has it: a month that began a week ago.
  void AtStripe(const std::string& status, bool ends = false, int64_t months_later = 0) {
    const int64_t start = absl::ToUnixSeconds(begin_) + months_later * 30 * 86400;
    fake_.Ask("subscription",
              {{"id", "sub_1"},
               {"object", "subscription"},
               {"customer", "cus_1"},
               {"status", status},
               {"current_period_start", start},
               {"current_period_end", start + 30 * 86400},
               {"cancel_at_period_end", ends},
               {"trial_end", nullptr},
               {"items", {{"data", {{{"quantity", 1}, {"price", {{"unit_amount", 700}, {"currency", "eur"}}}}}}}}});
  }

  absl::StatusOr<v1::Subscription> Adopt(const std::string& price = "gold-eur", const std::string& member = "nina",
                                         const std::string& external_id = "sub_1") {
    v1::AdoptSubscriptionRequest request;
    request.set_parent("members/" + member);
    request.set_provider("paymentProviders/stripe");
    request.set_external_id(external_id);
    request.set_price("prices/" + price);
    return CallOn(stripe_server_.Channel(), stripe_server_.BackendToken({"members.write"}),
                  &Subscriptions::AdoptSubscription, request);
  }

  // An event of Stripe's with what the subscription was like when the event was made.
  std::string Event(const std::string& id, const std::string& type, const std::string& status) {
    return json{{"id", id},
                {"object", "event"},
                {"api_version", kApiVersion},
                {"livemode", false},
                {"type", type},
                {"data", {{"object", {{"id", "sub_1"}, {"object", "subscription"}, {"status", status}}}}}}
        .dump();
  }

  absl::StatusOr<InboxEvent> Deliver(const std::string& body) {
    return inbox_.Ingest({}, "stripe", body, {{"Stripe-Signature", SignatureHeader(body, kSecret, clock_.Now())}});
  }

  std::string Value(const std::string& sql) { return database_.QueryValue(sql); }
  std::vector<std::string> Moves() {
    std::vector<std::string> types;
    for (const v1::Event& event : Feed()) {
      if (event.type().rfind("subscription.", 0) == 0) types.push_back(event.type().substr(13));
    }
    return types;
  }

  const absl::Time begin_ = absl::Now() - absl::Hours(7 * 24);
  FakeStripe fake_;
  const std::unique_ptr<Providers> stripe_alone_ = StripeAlone(database_.database(), fake_);
  Memberships with_stripe_{With(needs_, *stripe_alone_)};
  testing::TestServer stripe_server_{with_stripe_.services()};
  Inbox inbox_{database_.database(), with_stripe_.feed(), *stripe_alone_, clock_};
};

TEST_F(ExternalSubscriptionsTest, GivesTheTierOfAPriceOfOursAndIsNeverCharged) {
  AtStripe("active");

  const absl::StatusOr<v1::Subscription> adopted = Adopt();

  ASSERT_THAT(adopted, IsOk());
  EXPECT_EQ(adopted->collection(), v1::Subscription::EXTERNAL);
  EXPECT_EQ(adopted->external_id(), "sub_1");
  EXPECT_EQ(adopted->state(), v1::Subscription::ACTIVE);
  EXPECT_EQ(adopted->unit_amount().minor_units(), 700) << "what is paid says Stripe";
  EXPECT_EQ(adopted->period_start_time().seconds(), absl::ToUnixSeconds(begin_));
  EXPECT_EQ(Value("SELECT tier_id FROM grants WHERE member_id = 'nina'"), "gold");
  EXPECT_THAT(Moves(), ElementsAre("started"));
  MoveTime(absl::Hours(24 * 90));
  EXPECT_THAT(RunDueSubscriptions(database_.database(), with_stripe_.feed(), {}, 100), IsOkAndHolds(0));
  EXPECT_EQ(Value("SELECT count(*) FROM invoices"), "0");
}

TEST_F(ExternalSubscriptionsTest, IsAdoptedOnceAndOnlyWhileItIsLive) {
  EXPECT_THAT(Adopt(), StatusIs(absl::StatusCode::kNotFound, "EXTERNAL_SUBSCRIPTION_NOT_FOUND"));
  EXPECT_THAT(Adopt("gold-eur", "nina", "../customers"), StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  AtStripe("canceled");
  EXPECT_THAT(Adopt(), StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
  AtStripe("active");
  EXPECT_THAT(Adopt("gold-usd"), StatusIs(absl::StatusCode::kInvalidArgument, "CURRENCY_MISMATCH"));
  EXPECT_THAT(Adopt("none"), StatusIs(absl::StatusCode::kNotFound, "PRICE_NOT_FOUND"));
  EXPECT_THAT(Adopt("gold-eur", "nobody"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  ASSERT_THAT(Adopt(), IsOk());
  Register("omar", "omar@example.org");
  EXPECT_THAT(Adopt("gold-eur", "omar"), StatusIs(absl::StatusCode::kAlreadyExists, "SUBSCRIPTION_EXISTS"));
}

TEST_F(ExternalSubscriptionsTest, CannotBeMovedHere) {
  AtStripe("active");
  const absl::StatusOr<v1::Subscription> adopted = Adopt();
  ASSERT_THAT(adopted, IsOk());
  v1::CancelSubscriptionRequest request;
  request.set_name(adopted->name());
  request.set_etag("*");
  EXPECT_THAT(Call(Backend(), &Subscriptions::CancelSubscription, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "SUBSCRIPTION_IS_EXTERNAL"));
}

// `updated`, from when it was active, is told after `deleted`.
TEST_F(ExternalSubscriptionsTest, StaysCanceledWhenAnOlderEventOfItsActiveDaysComesAfterItsEnd) {
  AtStripe("active");
  ASSERT_THAT(Adopt(), IsOk());
  AtStripe("canceled");

  EXPECT_THAT(Deliver(Event("evt_2", "customer.subscription.deleted", "canceled")), IsOk());
  const absl::StatusOr<InboxEvent> older = Deliver(Event("evt_1", "customer.subscription.updated", "active"));

  ASSERT_THAT(older, IsOk());
  EXPECT_EQ(older->state, InboxEvent::State::kDuplicate);
  EXPECT_EQ(Value("SELECT state || ' ' || end_reason FROM subscriptions"), "CANCELED REQUESTED");
  EXPECT_EQ(
      Value("SELECT count(*) FROM grants WHERE revoke_time IS NULL AND (end_time IS NULL OR end_time > db_now())"),
      "0");
  EXPECT_THAT(Moves(), ElementsAre("started", "ended"));
}

TEST_F(ExternalSubscriptionsTest, FollowsWhatStripeAnswersAndNotWhatTheEventSays) {
  AtStripe("active");
  ASSERT_THAT(Adopt(), IsOk());

  AtStripe("past_due", /*ends=*/false, /*months_later=*/1);
  EXPECT_THAT(Deliver(Event("evt_1", "customer.subscription.updated", "active")), IsOk());
  EXPECT_EQ(Value("SELECT state FROM subscriptions"), "PAST_DUE");
  AtStripe("active", /*ends=*/true, /*months_later=*/1);
  EXPECT_THAT(Deliver(Event("evt_2", "customer.subscription.updated", "past_due")), IsOk());
  EXPECT_EQ(Value("SELECT state || period_index || cancel_at_period_end FROM subscriptions"), "ACTIVE1true");
  EXPECT_EQ(Value("SELECT access_end_time = period_end_time FROM subscriptions"), "t");
  EXPECT_THAT(Deliver(Event("evt_2", "customer.subscription.updated", "past_due")), IsOk());

  EXPECT_THAT(Moves(), ElementsAre("started", "past_due", "recovered"));
}

TEST_F(ExternalSubscriptionsTest, WaitsUntilItIsAdopted) {
  AtStripe("active");
  const absl::StatusOr<InboxEvent> early = Deliver(Event("evt_1", "customer.subscription.created", "active"));
  ASSERT_THAT(early, IsOk());
  EXPECT_EQ(early->state, InboxEvent::State::kParked);
  EXPECT_THAT(Moves(), IsEmpty());
}

}  // namespace
}  // namespace masthead::memberships::stripe

// The adapter against a Stripe of ours (fake_stripe.py): the public shapes of its API, and what a network can do to
// them.
#include "services/memberships/payments/stripe/stripe.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/memberships.h"
#include "services/memberships/payments/stripe/stripe_event.h"
#include "services/memberships/payments/stripe/stripe_objects.h"
#include "services/memberships/payments/webhook_signature.h"
#include "tests/memberships/payments/stripe/fake_stripe.h"
#include "tests/support/status_matchers.h"
#include "tests/support/test_database.h"

namespace masthead::memberships::stripe {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using nlohmann::json;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Kind = ProviderFact::Kind;

constexpr char kSecret[] = "whsec_for_tests";

class StripeTest : public ::testing::Test {
 protected:
  static Scope Within(absl::Duration patience) { return {.deadline = absl::Now() + patience}; }

  static Charge ChargeOf(const std::string& key, const std::string& method = "pm_card_visa") {
    return {.key = key,
            .member_id = "nina",
            .payment_method = method,
            .description = "Invoice 1",
            .money = {.currency = "EUR", .amount = 500}};
  }

  absl::StatusOr<ProviderEvent> Parse(const json& event) { return stripe_.ParseEvent({}, event.dump()); }

  masthead::testing::TestDatabase database_{memberships::Schema()};
  FakeStripe fake_;
  Stripe stripe_{database_.database(),
                 {.base_url = fake_.base_url(), .secret_key = "sk_test_1", .webhook_secrets = {kSecret}}};
};

TEST_F(StripeTest, ChargesOnceHoweverOftenItIsAsked) {
  const ChargeOutcome first = stripe_.MakeCharge({}, ChargeOf("payment-1"));
  const ChargeOutcome second = stripe_.MakeCharge({}, ChargeOf("payment-1"));

  EXPECT_EQ(first.kind, ChargeOutcome::Kind::kSucceeded);
  EXPECT_EQ(first.fee, 45);  // 2.9 % and 30.
  EXPECT_EQ(second.provider_ref, first.provider_ref);
  EXPECT_THAT(fake_.State()["payment_intents"], SizeIs(1));
  EXPECT_THAT(fake_.State()["customers"], SizeIs(1));
}

TEST_F(StripeTest, TellsWhetherADeclinedCardMayBeTriedAgain) {
  const ChargeOutcome poor = stripe_.MakeCharge({}, ChargeOf("payment-1", "pm_card_insufficient"));
  EXPECT_EQ(poor.kind, ChargeOutcome::Kind::kDeclined);
  EXPECT_EQ(poor.decline_code, "insufficient_funds");
  EXPECT_TRUE(poor.retryable);
  const ChargeOutcome stolen = stripe_.MakeCharge({}, ChargeOf("payment-2", "pm_card_stolen"));
  EXPECT_EQ(stolen.kind, ChargeOutcome::Kind::kDeclined);
  EXPECT_FALSE(stolen.retryable);
  EXPECT_EQ(stripe_.MakeCharge({}, ChargeOf("payment-3", "pm_card_sca")).kind, ChargeOutcome::Kind::kRequiresAction);
  EXPECT_EQ(stripe_.MakeCharge({}, ChargeOf("payment-4", "pm_debit")).kind, ChargeOutcome::Kind::kProcessing);
  const ChargeOutcome gone = stripe_.MakeCharge({}, ChargeOf("payment-5", "pm_gone"));
  EXPECT_EQ(gone.kind, ChargeOutcome::Kind::kDeclined);
  EXPECT_EQ(gone.decline_code, "resource_missing");
}

TEST_F(StripeTest, RepeatsWhatBrokeOnTheWayUnderTheSameKey) {
  for (const char* fault : {"reset_after_effect", "reset_before_effect", "409", "500"}) {
    SCOPED_TRACE(fault);
    const std::string key = absl::StrCat("payment-", fault);
    fake_.Arm("/v1/payment_intents", fault);
    EXPECT_EQ(stripe_.MakeCharge({}, ChargeOf(key)).kind, ChargeOutcome::Kind::kSucceeded);
  }
  EXPECT_THAT(fake_.State()["payment_intents"], SizeIs(4));
}

TEST_F(StripeTest, DoesNotRepeatWhatStripeSaysNotTo) {
  stripe_.MakeCharge({}, ChargeOf("payment-1"));
  const size_t before = fake_.State()["requests"].size();
  for (const char* fault : {"500_no_retry", "429"}) {
    fake_.Arm("/v1/payment_intents", fault);
    EXPECT_EQ(stripe_.MakeCharge({}, ChargeOf("payment-2")).kind, ChargeOutcome::Kind::kUnknown);
  }
  EXPECT_EQ(fake_.State()["requests"].size(), before + 2);
}

TEST_F(StripeTest, DoesNotKnowWhatBecameOfAChargeThatTimedOutAndFindsItLater) {
  stripe_.MakeCharge({}, ChargeOf("payment-0"));  // The customer is there.
  fake_.Arm("/v1/payment_intents", "timeout_after_effect");
  EXPECT_EQ(stripe_.MakeCharge(Within(absl::Seconds(1)), ChargeOf("payment-1")).kind, ChargeOutcome::Kind::kUnknown);

  const absl::StatusOr<ChargeOutcome> found = stripe_.LookUpCharge({}, "payment-1", "");

  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->kind, ChargeOutcome::Kind::kSucceeded);
  EXPECT_EQ(found->fee, 45);
  EXPECT_THAT(fake_.State()["payment_intents"], SizeIs(2));
  EXPECT_EQ(stripe_.LookUpCharge({}, "payment-1", found->provider_ref)->kind, ChargeOutcome::Kind::kSucceeded);
}

TEST_F(StripeTest, SaysSoIfItNeverHeardOfACharge) {
  stripe_.MakeCharge({}, ChargeOf("payment-0"));
  fake_.Arm("/v1/payment_intents", "timeout_before_effect");
  EXPECT_EQ(stripe_.MakeCharge(Within(absl::Seconds(1)), ChargeOf("payment-1")).kind, ChargeOutcome::Kind::kUnknown);

  EXPECT_THAT(stripe_.LookUpCharge({}, "payment-1", ""), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(fake_.State()["payment_intents"], SizeIs(1));
}

TEST_F(StripeTest, NeverTakesAKeyThatWasUsedForSomethingElseForAnAnswer) {
  stripe_.MakeCharge({}, ChargeOf("payment-1"));
  Charge other = ChargeOf("payment-1");
  other.money.amount = 700;
  EXPECT_EQ(stripe_.MakeCharge({}, other).kind, ChargeOutcome::Kind::kUnknown);
}

TEST_F(StripeTest, RefundsOnceAndFindsTheRefundAgain) {
  const ChargeOutcome charge = stripe_.MakeCharge({}, ChargeOf("payment-1"));
  const RefundOrder order = {.key = "refund-1", .payment_ref = charge.provider_ref, .money = {"EUR", 300}};
  EXPECT_EQ(stripe_.MakeRefund({}, order).kind, RefundOutcome::Kind::kSucceeded);
  EXPECT_EQ(stripe_.MakeRefund({}, order).kind, RefundOutcome::Kind::kSucceeded);
  EXPECT_THAT(fake_.State()["refunds"], SizeIs(1));

  EXPECT_EQ(stripe_.LookUpRefund({}, order, "")->kind, RefundOutcome::Kind::kSucceeded);
  const RefundOrder never = {.key = "refund-2", .payment_ref = charge.provider_ref, .money = {"EUR", 100}};
  EXPECT_THAT(stripe_.LookUpRefund({}, never, ""), StatusIs(absl::StatusCode::kNotFound));
  const RefundOrder too_much = {.key = "refund-3", .payment_ref = charge.provider_ref, .money = {"EUR", 300}};
  EXPECT_EQ(stripe_.MakeRefund({}, too_much).kind, RefundOutcome::Kind::kFailed);
}

TEST_F(StripeTest, HasAPageToPayOnAndTellsWhatCameOfIt) {
  const CheckoutPage page = {.key = "checkout-1",
                             .payment_id = "payment-1",
                             .member_id = "nina",
                             .description = "Supporter, a month & more",
                             .money = {"EUR", 500},
                             .keep_method = true,
                             .success_url = "https://news.example/thanks",
                             .cancel_url = "https://news.example/plans",
                             .expire_time = absl::Now() + absl::Hours(1)};
  const absl::StatusOr<HostedPage> hosted = stripe_.CreateCheckout({}, page);
  ASSERT_THAT(hosted, IsOk());
  EXPECT_EQ(stripe_.CreateCheckout({}, page)->provider_ref, hosted->provider_ref);

  const json event = fake_.Ask("pay", {{"session", hosted->provider_ref}, {"payment_method", "pm_card_visa"}});
  const absl::StatusOr<ProviderEvent> parsed = Parse(event);

  ASSERT_THAT(parsed, IsOk());
  ASSERT_THAT(parsed->facts, SizeIs(1));
  const ProviderFact& fact = parsed->facts[0];
  EXPECT_EQ(fact.kind, Kind::kCheckoutCompleted);
  EXPECT_EQ(fact.checkout_ref, hosted->provider_ref);
  EXPECT_EQ(fact.payment_key, "payment-1");
  EXPECT_EQ(fact.payment_method, "pm_card_visa");
  EXPECT_EQ(fact.money, (Money{"EUR", 500}));
  EXPECT_EQ(fact.fee, 45);
  EXPECT_TRUE(fact.paid);
  EXPECT_THAT(stripe_.ExpireCheckout({}, hosted->provider_ref), IsOk());  // It is through: nothing happens.
}

TEST_F(StripeTest, KeepsAPaymentMethodWithoutAPayment) {
  const absl::StatusOr<HostedPage> hosted = stripe_.CreateCheckout({}, {.key = "checkout-1",
                                                                        .member_id = "nina",
                                                                        .money = {"EUR", 0},
                                                                        .keep_method = true,
                                                                        .success_url = "https://news.example/thanks",
                                                                        .cancel_url = "https://news.example/plans",
                                                                        .expire_time = absl::Now() + absl::Hours(1)});
  ASSERT_THAT(hosted, IsOk());
  const absl::StatusOr<ProviderEvent> parsed =
      Parse(fake_.Ask("pay", {{"session", hosted->provider_ref}, {"payment_method", "pm_card_new"}}));
  ASSERT_THAT(parsed, IsOk());
  ASSERT_THAT(parsed->facts, SizeIs(1));
  EXPECT_EQ(parsed->facts[0].payment_method, "pm_card_new");
  EXPECT_FALSE(parsed->facts[0].paid);
}

TEST_F(StripeTest, DoesNotTakeAPromiseForMoney) {
  const absl::StatusOr<HostedPage> hosted = stripe_.CreateCheckout({}, {.key = "checkout-1",
                                                                        .payment_id = "payment-1",
                                                                        .member_id = "nina",
                                                                        .description = "Supporter",
                                                                        .money = {"EUR", 500},
                                                                        .success_url = "https://news.example/thanks",
                                                                        .cancel_url = "https://news.example/plans",
                                                                        .expire_time = absl::Now() + absl::Hours(1)});
  ASSERT_THAT(hosted, IsOk());
  const absl::StatusOr<ProviderEvent> parsed =
      Parse(fake_.Ask("pay", {{"session", hosted->provider_ref}, {"payment_method", "pm_debit"}}));
  ASSERT_THAT(parsed, IsOk());
  EXPECT_FALSE(parsed->facts.at(0).paid);
}

TEST_F(StripeTest, AsksAgainLaterIfItCannotLearnTheRestOfAnEvent) {
  const ChargeOutcome charge = stripe_.MakeCharge({}, ChargeOf("payment-1"));
  const json event =
      fake_.Ask("event", {{"type", "payment_intent.succeeded"}, {"object", {{"id", charge.provider_ref}}}});
  fake_.Arm("/v1/payment_intents/", "500_no_retry");
  EXPECT_THAT(Parse(event), StatusIs(absl::StatusCode::kUnavailable, "PROVIDER_UNAVAILABLE"));
  const absl::StatusOr<ProviderEvent> parsed = Parse(event);
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->facts.at(0).kind, Kind::kPaymentSettled);
  EXPECT_EQ(parsed->facts.at(0).fee, 45);
}

TEST_F(StripeTest, SaysWhatEventsOfAnotherModeOrVersionAre) {
  json event = fake_.Ask("event", {{"type", "payment_intent.canceled"}, {"object", {{"id", "pi_1"}}}});
  event["livemode"] = true;
  EXPECT_THAT(Parse(event)->refusal, StatusIs(absl::StatusCode::kFailedPrecondition, "PROVIDER_EVENT_REJECTED"));
  event["livemode"] = false;
  event["api_version"] = "2020-08-27";
  const absl::StatusOr<ProviderEvent> old = Parse(event);
  EXPECT_THAT(old->refusal, StatusIs(absl::StatusCode::kFailedPrecondition, "PROVIDER_EVENT_REJECTED"));
  EXPECT_THAT(old->facts, IsEmpty());
  for (const char* none : {"", "[]", "{}", "{\"id\":\"evt_1\",\"type\":\"x\"}", "{\"id\":1}", "not json"}) {
    EXPECT_THAT(stripe_.ParseEvent({}, none), StatusIs(absl::StatusCode::kInvalidArgument)) << none;
  }
}

TEST_F(StripeTest, VerifiesTheRawBytes) {
  const std::string body = R"({"id":"evt_1"})";
  const absl::Time now = absl::Now();
  const std::map<std::string, std::string> headers = {{"stripe-signature", SignatureHeader(body, kSecret, now)}};
  EXPECT_THAT(stripe_.VerifyEvent(body, headers, now), IsOk());
  EXPECT_THAT(stripe_.VerifyEvent(body + " ", headers, now),
              StatusIs(absl::StatusCode::kUnauthenticated, "BAD_SIGNATURE"));
  EXPECT_THAT(stripe_.VerifyEvent(body, {}, now), StatusIs(absl::StatusCode::kUnauthenticated, "BAD_SIGNATURE"));
}

TEST_F(StripeTest, ListsWhatItToldFromWhereWeWere) {
  stripe_.MakeCharge({}, ChargeOf("payment-1"));
  const absl::StatusOr<ProviderEventPage> first = stripe_.ListEvents({}, "");
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(first->events, SizeIs(1));
  EXPECT_THAT(stripe_.ListEvents({}, first->next_cursor)->events, IsEmpty());
  for (int i = 2; i < 5; ++i) stripe_.MakeCharge({}, ChargeOf(absl::StrCat("payment-", i)));
  const absl::StatusOr<ProviderEventPage> next = stripe_.ListEvents({}, first->next_cursor);
  ASSERT_THAT(next->events, SizeIs(3));
  EXPECT_LT(next->events[0].first, next->events[2].first);  // The oldest first.
  EXPECT_EQ(stripe_.ListEvents({}, "evt_long_forgotten")->next_cursor, "");
}

TEST(StripeEvents, TellTotalsAndFinalWords) {
  StripeEvent event = {.id = "evt_1", .type = "charge.refunded"};
  event.object = {{"payment_intent", "pi_1"}, {"amount_refunded", 300}, {"currency", "jpy"}};
  ASSERT_THAT(FactsOf(event, nullptr), SizeIs(1));
  EXPECT_EQ(FactsOf(event, nullptr)[0].money, (Money{"JPY", 300}));

  event.type = "charge.dispute.closed";
  event.object = {{"id", "dp_1"},     {"payment_intent", "pi_1"},
                  {"amount", 500},    {"currency", "eur"},
                  {"status", "lost"}, {"balance_transactions", {{{"fee", 1500}, {"currency", "eur"}}}}};
  EXPECT_EQ(FactsOf(event, nullptr).at(0).kind, Kind::kDisputeLost);
  EXPECT_EQ(FactsOf(event, nullptr).at(0).fee, 1500);
  event.object["status"] = "won";
  EXPECT_EQ(FactsOf(event, nullptr).at(0).kind, Kind::kDisputeWon);
  event.object["status"] = "warning_closed";
  EXPECT_THAT(FactsOf(event, nullptr), IsEmpty());

  event.type = "payment_method.detached";
  event.object = {{"id", "pm_1"}};
  EXPECT_EQ(FactsOf(event, nullptr).at(0).kind, Kind::kMethodDetached);
  event.type = "invoice.paid";
  EXPECT_THAT(FactsOf(event, nullptr), IsEmpty());
}

TEST(StripeForms, AreEncodedAsStripeReadsThem) {
  EXPECT_EQ(EncodeForm({{"metadata[a b]", "1&2=3"}, {"name", "Їжак"}}),
            "metadata%5Ba%20b%5D=1%262%3D3&name=%D0%87%D0%B6%D0%B0%D0%BA");
}

TEST(StripeFees, CountInTheCurrencyOfTheChargeAlone) {
  json intent = {{"currency", "eur"}, {"latest_charge", {{"balance_transaction", {{"fee", 45}, {"currency", "eur"}}}}}};
  EXPECT_EQ(FeeOf(intent), 45);
  intent["latest_charge"]["balance_transaction"]["currency"] = "usd";
  EXPECT_EQ(FeeOf(intent), 0);
  intent["latest_charge"] = "ch_1";
  EXPECT_EQ(FeeOf(intent), 0);
}

TEST_F(StripeTest, ReadsASubscriptionOfItsOwnBillingAsItIsNow) {
  fake_.Ask("subscription", json::parse(R"({
    "id": "sub_1", "object": "subscription", "customer": "cus_1", "status": "past_due",
    "current_period_start": 1764547200, "current_period_end": 1767225600, "cancel_at_period_end": true, "trial_end": null,
    "items": {"data": [{"id": "si_1", "quantity": 3, "price": {"unit_amount": 700, "currency": "eur"}}]}
  })"));

  const absl::StatusOr<ExternalSubscription> subscription = stripe_.ReadSubscription({}, "sub_1");

  ASSERT_THAT(subscription, IsOk());
  EXPECT_EQ(subscription->ref, "sub_1");
  EXPECT_EQ(subscription->state, ExternalSubscription::State::kPastDue);
  EXPECT_EQ(subscription->money.amount, 700);
  EXPECT_EQ(subscription->money.currency, "EUR");
  EXPECT_EQ(subscription->seats, 3);
  EXPECT_EQ(subscription->period_start_time, absl::FromUnixSeconds(1764547200));
  EXPECT_EQ(subscription->period_end_time, absl::FromUnixSeconds(1767225600));
  EXPECT_TRUE(subscription->cancel_at_period_end);
  EXPECT_EQ(stripe_.ReadSubscription({}, "sub_2").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(StripeTest, ForgetsACustomerOnceAndIsAskedAgainWhenItDidNotAnswer) {
  ASSERT_EQ(stripe_.MakeCharge({}, ChargeOf("payment-1")).kind, ChargeOutcome::Kind::kSucceeded);
  fake_.Arm("/v1/customers/", "500_no_retry");
  EXPECT_THAT(stripe_.ForgetMember({}, "nina"), StatusIs(absl::StatusCode::kUnavailable, "PROVIDER_UNAVAILABLE"));
  EXPECT_THAT(fake_.State()["customers"], SizeIs(1));

  EXPECT_THAT(stripe_.ForgetMember({}, "nina"), IsOk());
  EXPECT_THAT(stripe_.ForgetMember({}, "nina"), IsOk());

  EXPECT_THAT(fake_.State()["customers"], IsEmpty());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM stripe_customers"), "0");
}

TEST_F(StripeTest, TakesItAsForgottenIfTheCustomerWasDeletedThere) {
  database_.Execute("INSERT INTO stripe_customers VALUES ('nina', 'cus_gone')");
  EXPECT_THAT(stripe_.ForgetMember({}, "nina"), IsOk());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM stripe_customers"), "0");
}

TEST_F(StripeTest, ChargesTheCardOfAMemberWhoWasMergedIntoAnotherCustomer) {
  database_.Execute(R"(
    INSERT INTO members (id, wrapped_key, person, address_index, address_domain, locale, time_zone, labels, state,
                         merged_into, revision, create_time, update_time, delete_time)
    VALUES ('nina', '\x00', '\x00', sha256('nina'), '', '', '', '{}', 'ACTIVE', NULL, 1, db_now(), db_now(), NULL),
           ('old', NULL, NULL, sha256('old'), '', '', '', '{}', 'MERGED', 'nina', 1, db_now(), db_now(), db_now());
  )");
  for (const char* member : {"nina", "old"}) {
    CheckoutPage page = {.key = absl::StrCat("checkout-", member),
                         .payment_id = absl::StrCat("first-", member),
                         .member_id = member,
                         .description = "Gold",
                         .money = {"EUR", 500},
                         .keep_method = true,
                         .expire_time = absl::Now() + absl::Hours(1)};
    const absl::StatusOr<HostedPage> hosted = stripe_.CreateCheckout({}, page);
    ASSERT_THAT(hosted, IsOk());
    fake_.Ask("pay", {{"session", hosted->provider_ref}, {"payment_method", absl::StrCat("pm_of_", member)}});
  }

  EXPECT_EQ(stripe_.MakeCharge({}, ChargeOf("payment-1", "pm_of_old")).kind, ChargeOutcome::Kind::kSucceeded);
  EXPECT_EQ(stripe_.MakeCharge({}, ChargeOf("payment-2", "pm_of_nina")).kind, ChargeOutcome::Kind::kSucceeded);
}

}  // namespace
}  // namespace masthead::memberships::stripe

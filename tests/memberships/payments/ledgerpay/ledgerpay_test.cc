#include "services/memberships/payments/ledgerpay/ledgerpay.h"

#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/http/listener.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/collecting/reconciling.h"
#include "services/memberships/payments/ledgerpay/event_sender.h"
#include "services/memberships/payments/ledgerpay/hosted_page.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_event.h"
#include "tests/memberships/payments/payments_newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class LedgerpayTest : public PaymentsTest {
 protected:
  // The page for a checkout of ours.
  HostedPage Open(int64_t amount = 500, const std::string& key = "checkout-1") {
    const absl::StatusOr<HostedPage> page =
        ledgerpay().CreateCheckout({}, {.key = key,
                                        .payment_id = amount > 0 ? "payment-of-" + key : "",
                                        .member_id = "nina",
                                        .description = "Supporter <b>",
                                        .money = {"EUR", amount},
                                        .keep_method = true,
                                        .success_url = "https://news.example/thanks",
                                        .cancel_url = "https://news.example/plans?a=1&b=2",
                                        .expire_time = DatabaseNow() + absl::Hours(1)});
    EXPECT_THAT(page, IsOk());
    return page.ok() ? *page : HostedPage();
  }

  http::Response Get(const HostedPage& page) {
    return handler_({.method = "GET", .path = ledgerpay::kPagePath + page.provider_ref});
  }

  std::string TokenOn(const http::Response& page) {
    const std::string before = "name=\"token\" value=\"";
    const size_t begin = page.body.find(before);
    if (begin == std::string::npos) return "";
    const std::string rest = page.body.substr(begin + before.size());
    return rest.substr(0, rest.find('"'));
  }

  http::Response Post(const HostedPage& page, const std::string& token, const std::string& method,
                      bool confirmed = false) {
    const std::string body = absl::StrCat("token=", token, "&method=", method, confirmed ? "&confirmed=yes" : "");
    http::Request request = {.method = "POST", .path = ledgerpay::kPagePath + page.provider_ref, .body = body};
    request.parameters = {{"token", token}, {"method", method}};
    if (confirmed) request.parameters["confirmed"] = "yes";
    return handler_(request);
  }

  http::Response Pay(const HostedPage& page, const std::string& method) {
    return Post(page, TokenOn(Get(page)), method);
  }

  std::vector<std::string> TypesTold() {
    std::vector<std::string> types;
    for (const std::string& body : Told()) types.push_back(ledgerpay::ParseEvent(body)->type);
    return types;
  }

  absl::Status Confirm(const std::string& reference, int64_t amount, const std::string& currency = "EUR") {
    v1::ConfirmTransferRequest request;
    request.set_reference(reference);
    request.mutable_money()->set_currency_code(currency);
    request.mutable_money()->set_minor_units(amount);
    return Call(server_.StaffToken({"finance"}), &PaymentProviders::ConfirmTransfer, request).status();
  }
  std::string Reference() { return database_.QueryValue("SELECT reference FROM ledgerpay_checkouts"); }

  const http::Handler handler_ = ledgerpay::HostedPageHandler(ledgerpay());
};

TEST_F(LedgerpayTest, ShowsAPlainPageAndChangesNothingByThat) {
  const HostedPage page = Open();
  EXPECT_EQ(page.url, "https://pay.example/pay/" + page.provider_ref);
  for (int i = 0; i < 3; ++i) {
    const http::Response shown = Get(page);
    EXPECT_EQ(shown.status, 200);
    EXPECT_THAT(shown.body,
                AllOf(HasSubstr("5.00 EUR"), HasSubstr("Supporter &lt;b&gt;"), HasSubstr("plans?a=1&amp;b=2"),
                      HasSubstr("UA00 &lt;MASTHEAD&gt;"), Not(HasSubstr("<script"))));
  }
  EXPECT_THAT(TypesTold(), ElementsAre());
  EXPECT_EQ(Open().provider_ref, page.provider_ref);  // The same key, the same checkout.
}

TEST_F(LedgerpayTest, TakesPaymentByItsFormAlone) {
  const HostedPage page = Open();
  EXPECT_EQ(Post(page, "", "pm_ok").status, 403);
  EXPECT_EQ(Post(page, "guessed", "pm_ok").status, 403);
  http::Request by_address = {.method = "POST", .path = ledgerpay::kPagePath + page.provider_ref};
  by_address.parameters = {{"token", TokenOn(Get(page))}, {"method", "pm_ok"}};
  EXPECT_EQ(handler_(by_address).status, 403);
  EXPECT_EQ(handler_({.method = "POST", .path = "/pay/lpc_none"}).status, 404);
  EXPECT_EQ(handler_({.method = "PUT", .path = "/pay/lpc_none"}).status, 405);
  EXPECT_THAT(TypesTold(), ElementsAre());
}

TEST_F(LedgerpayTest, IsPaidOnceAndTellsOfIt) {
  const HostedPage page = Open();
  const std::string token = TokenOn(Get(page));
  const http::Response paid = Post(page, token, "pm_ok");
  EXPECT_EQ(paid.status, 303);
  EXPECT_EQ(paid.headers.at("Location"), "https://news.example/thanks");
  EXPECT_THAT(Post(page, token, "pm_ok").body, HasSubstr("this is done"));
  EXPECT_THAT(TypesTold(), ElementsAre("checkout.completed", "payment.settled"));
  EXPECT_EQ(Count("ledgerpay_charges"), 1);

  const ProviderFact fact = ledgerpay::ParseEvent(Told()[0])->fact;
  EXPECT_TRUE(fact.paid);
  EXPECT_EQ(fact.payment_key, "payment-of-checkout-1");
  EXPECT_THAT(fact.payment_method, ::testing::StartsWith("lpm_"));
  // What was left there can be charged later.
  EXPECT_EQ(
      ledgerpay().MakeCharge({}, {.key = "next", .payment_method = fact.payment_method, .money = {"EUR", 1}}).kind,
      ChargeOutcome::Kind::kSucceeded);
}

TEST_F(LedgerpayTest, LetsABuyerWhoWasDeclinedChooseAnotherWay) {
  const HostedPage page = Open();
  EXPECT_THAT(Pay(page, "pm_decline_stolen").body, HasSubstr("declined"));
  EXPECT_EQ(Pay(page, "pm_decline_insufficient").status, 402);
  EXPECT_EQ(Pay(page, "no_such_thing").status, 400);
  EXPECT_EQ(Pay(page, "pm_ok").status, 303);
}

TEST_F(LedgerpayTest, AsksTheBuyerWhoseBankAsks) {
  const HostedPage page = Open();
  const http::Response asked = Pay(page, "pm_requires_action");
  EXPECT_EQ(asked.status, 200);
  EXPECT_THAT(asked.body, HasSubstr("Your bank asks"));
  EXPECT_EQ(Post(page, TokenOn(asked), "pm_requires_action", /*confirmed=*/true).status, 303);
}

TEST_F(LedgerpayTest, SettlesADebitLater) {
  const HostedPage page = Open();
  EXPECT_EQ(Pay(page, "pm_async_ok").status, 303);
  EXPECT_EQ(Pay(Open(500, "checkout-2"), "pm_async_fail").status, 303);
  EXPECT_THAT(TypesTold(), ElementsAre("checkout.completed", "checkout.completed"));
  EXPECT_FALSE(ledgerpay::ParseEvent(Told()[0])->fact.paid);
  MoveTime(absl::Seconds(3));
  ledgerpay::EventSender nowhere(ledgerpay(), clock_, "http://127.0.0.1:1/");
  nowhere.Work({});
  EXPECT_THAT(TypesTold(),
              ElementsAre("checkout.completed", "checkout.completed", "payment.settled", "payment.failed"));
}

TEST_F(LedgerpayTest, EndsACheckoutThatNobodyPaid) {
  const HostedPage page = Open();
  MoveTime(absl::Hours(2));
  ledgerpay::EventSender nowhere(ledgerpay(), clock_, "http://127.0.0.1:1/");
  nowhere.Work({});
  EXPECT_THAT(TypesTold(), ElementsAre("checkout.expired"));
  EXPECT_THAT(Get(page).body, HasSubstr("is over"));
  EXPECT_THAT(ledgerpay().ExpireCheckout({}, page.provider_ref), IsOk());
  EXPECT_THAT(TypesTold(), ElementsAre("checkout.expired"));
}

TEST_F(LedgerpayTest, TakesATransferOnceStaffHaveSeenIt) {
  const HostedPage page = Open();
  EXPECT_EQ(Pay(page, "transfer").status, 303);
  EXPECT_THAT(TypesTold(), ElementsAre("checkout.completed"));
  const std::string reference = Reference();
  EXPECT_THAT(Confirm("no such", 500), StatusIs(absl::StatusCode::kNotFound, "CHECKOUT_NOT_FOUND"));

  // As a bank statement shows it.
  EXPECT_THAT(Confirm(absl::StrCat(" ", absl::AsciiStrToLower(reference.substr(0, 5)), "-", reference.substr(5)), 500),
              IsOk());

  EXPECT_THAT(TypesTold(), ElementsAre("checkout.completed", "payment.settled"));
  EXPECT_THAT(Confirm(reference, 500), StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
}

TEST_F(LedgerpayTest, SaysWhatCameNotWhatWasAskedFor) {
  Open();
  EXPECT_THAT(Confirm(Reference(), 450), IsOk());  // The buyer never pressed the button, and paid too little.
  EXPECT_THAT(TypesTold(), ElementsAre("checkout.completed", "payment.settled"));
  EXPECT_EQ(ledgerpay::ParseEvent(Told()[1])->fact.money, (Money{"EUR", 450}));
}

TEST_F(LedgerpayTest, GivesUpATransferThatNeverComes) {
  Pay(Open(), "transfer");
  MoveTime(absl::Hours(31 * 24));
  ledgerpay::EventSender nowhere(ledgerpay(), clock_, "http://127.0.0.1:1/");
  nowhere.Work({});
  EXPECT_THAT(TypesTold(), ElementsAre("checkout.completed", "payment.failed"));
  EXPECT_THAT(Confirm(Reference(), 500), StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
}

TEST_F(LedgerpayTest, RefundsNoMoreThanWasPaidAndOnceEach) {
  const ChargeOutcome charge =
      ledgerpay().MakeCharge({}, {.key = "payment", .payment_method = "pm_ok", .money = {"EUR", 500}});
  const auto refund = [&](const std::string& key, int64_t amount) {
    return ledgerpay().MakeRefund({}, {.key = key, .payment_ref = charge.provider_ref, .money = {"EUR", amount}}).kind;
  };
  EXPECT_EQ(refund("a", 300), RefundOutcome::Kind::kSucceeded);
  EXPECT_EQ(refund("a", 300), RefundOutcome::Kind::kSucceeded);
  EXPECT_EQ(refund("b", 300), RefundOutcome::Kind::kFailed);
  EXPECT_EQ(refund("c", 200), RefundOutcome::Kind::kSucceeded);
  EXPECT_EQ(ledgerpay::ParseEvent(Told().back())->fact.money.amount, 500);  // The total.
  EXPECT_EQ(Count("ledgerpay_refunds"), 2);
}

TEST_F(LedgerpayTest, KnowsNoTestMethodsInProduction) {
  ledgerpay::Ledgerpay strict(database_.database(), mac_key_, {.public_base_url = "https://pay.example"});
  EXPECT_EQ(strict.MakeCharge({}, {.key = "k", .payment_method = "pm_ok", .money = {"EUR", 1}}).decline_code,
            "no_such_payment_method");
  const HostedPage page = Open();
  const http::Handler handler = ledgerpay::HostedPageHandler(strict);
  const http::Response shown = handler({.method = "GET", .path = ledgerpay::kPagePath + page.provider_ref});
  EXPECT_THAT(shown.body, AllOf(Not(HasSubstr("pm_ok")), HasSubstr("I will transfer it")));
  const std::string token = TokenOn(shown);
  EXPECT_EQ(handler({.method = "POST",
                     .path = ledgerpay::kPagePath + page.provider_ref,
                     .body = "token=" + token,
                     .parameters = {{"token", token}, {"method", "pm_ok"}}})
                .status,
            400);
}

// The events on their real way, over HTTP to our own listener.
class LedgerpayEventsTest : public LedgerpayTest {
 protected:
  void SetUp() override {
    LedgerpayTest::SetUp();
    auto listener = http::Listener::Start("127.0.0.1:0", memberships_.public_pages());
    ASSERT_THAT(listener, IsOk());
    listener_ = *std::move(listener);
  }

  void Send(const ledgerpay::EventFaults& faults) {
    ledgerpay::EventSender sender(
        ledgerpay(), clock_,
        absl::StrCat("http://127.0.0.1:", listener_->port(), "/v1/paymentProviders/ledgerpay/events"), faults);
    while (sender.Work({}) == absl::ZeroDuration()) {
    }
  }

  std::unique_ptr<http::Listener> listener_;
};

TEST_F(LedgerpayEventsTest, ArriveOnceEachHoweverTheyAreSent) {
  for (int i = 0; i < 10; ++i) {
    const std::string key = MakePayment("pm_ok");
    ledgerpay().MakeCharge({}, {.key = key, .payment_method = "pm_ok", .money = {"EUR", 500}});
  }
  Send({.copies = 3, .shuffled = true});
  EXPECT_EQ(Count("payments WHERE state = 'SUCCEEDED'"), 10);
  EXPECT_EQ(Count("provider_events WHERE state = 'APPLIED'"), 10);
  EXPECT_EQ(Count("provider_events"), 10);
}

TEST_F(LedgerpayEventsTest, WaitUntilTheyAreTaken) {
  const std::string payment = MakePayment("pm_ok");
  ledgerpay().MakeCharge({}, {.key = payment, .payment_method = "pm_ok", .money = {"EUR", 500}});
  ledgerpay::EventSender nowhere(ledgerpay(), clock_, "http://127.0.0.1:1/");
  nowhere.Work({});
  EXPECT_EQ(StateOf(payment), "CREATED");
  MoveTime(absl::Seconds(2));
  Send({.delay = absl::Minutes(1)});
  EXPECT_EQ(StateOf(payment), "CREATED");
  MoveTime(absl::Minutes(2));
  Send({.delay = absl::Minutes(1)});
  EXPECT_EQ(StateOf(payment), "SUCCEEDED");
}

TEST_F(LedgerpayEventsTest, AreFoundWhereTheyWereDropped) {
  const std::string payment = MakePayment("pm_ok");
  ledgerpay().MakeCharge({}, {.key = payment, .payment_method = "pm_ok", .money = {"EUR", 500}});
  Send({.dropped = 1});
  EXPECT_EQ(StateOf(payment), "CREATED");
  EXPECT_THAT(Reconcile(database_.database(), inbox_, *providers_, {}), IsOkAndHolds(1));
  EXPECT_EQ(StateOf(payment), "SUCCEEDED");
}

}  // namespace
}  // namespace masthead::memberships

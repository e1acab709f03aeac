#include <atomic>
#include <set>
#include <thread>

#include "common/ids/uuid.h"
#include "common/rpc/channel.h"
#include "masthead/memberships/v1/billing_service.grpc.pb.h"
#include "services/memberships/cashier/checkouts_service.h"
#include "services/memberships/cashier/due_checkouts.h"
#include "services/memberships/cashier/invoices_service.h"
#include "services/memberships/cashier/ledger_service.h"
#include "services/memberships/cashier/payments_service.h"
#include "tests/memberships/books/till.h"
#include "tests/support/test_server.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

class BillingServiceTest : public TillTest {
 protected:
  using Stub = v1::BillingService::Stub;

  BillingServiceTest() {
    checkouts_.Register(rpcs_);
    invoices_.Register(rpcs_);
    payments_.Register(rpcs_);
    ledger_.Register(rpcs_);
    server_ = std::make_unique<testing::TestServer>(std::vector<const rpc::Service*>{&rpcs_});
  }

  static Providers MakeProviders(FakeProvider*& provider) {
    std::vector<std::unique_ptr<PaymentProvider>> providers;
    auto made = std::make_unique<FakeProvider>();
    provider = made.get();
    providers.push_back(std::move(made));
    return Providers(std::move(providers));
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const std::string& token,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const Request& request) {
    Stub stub(server_->Channel());
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(20));
    testing::Authorize(context, token);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  std::string Nina() { return server_->MemberToken("members/nina"); }
  std::string Finance() { return server_->StaffToken({"finance"}); }

  static v1::CreateCheckoutRequest Wanted() {
    v1::CreateCheckoutRequest request;
    request.set_parent("members/nina");
    v1::Checkout& checkout = *request.mutable_checkout();
    checkout.set_kind(v1::Checkout::SUBSCRIPTION);
    checkout.set_price("prices/monthly");
    checkout.set_success_url("https://news.example/thanks");
    checkout.set_cancel_url("https://news.example/");
    (*checkout.mutable_attribution())["utm_source"] = "letter";
    return request;
  }

  // A member who has paid for a month and owes for the next.
  Invoice Owed() {
    const Checkout checkout = Open();
    Apply(Completed(checkout));
    return Renew(checkout);
  }

  absl::StatusOr<v1::Payment> Collect(const Invoice& invoice, const std::string& request_id = "") {
    v1::CollectInvoiceRequest request;
    request.set_name("members/nina/invoices/" + invoice.id);
    request.set_etag("*");
    request.set_request_id(request_id);
    return Call(Finance(), &Stub::CollectInvoice, request);
  }

  absl::StatusOr<v1::Payment> Refund(const std::string& payment, int64_t amount, bool revoke_access = false) {
    v1::RefundPaymentRequest request;
    request.set_name(payment);
    request.set_amount(amount);
    request.set_reason("goodwill");
    request.set_revoke_access(revoke_access);
    request.set_etag("*");
    request.set_request_id(ids::NewUuid());
    return Call(Finance(), &Stub::RefundPayment, request);
  }

  FakeProvider* fake_ = nullptr;
  const Providers providers_ = MakeProviders(fake_);
  CheckoutsService checkouts_{database_.database(), feed_, providers_, {"https://news.example"}};
  InvoicesService invoices_{database_.database(), feed_, mac_key_, providers_};
  PaymentsService payments_{database_.database(), feed_, mac_key_};
  LedgerService ledger_{database_.database(), mac_key_};
  rpc::Service rpcs_{*v1::GetInvoiceRequest::descriptor()->file()->service(0)};
  std::unique_ptr<testing::TestServer> server_;
};

TEST_F(BillingServiceTest, ACheckoutFixesThePriceAndGivesAPageToPayAt) {
  const absl::StatusOr<v1::Checkout> checkout = Call(Nina(), &Stub::CreateCheckout, Wanted());

  ASSERT_THAT(checkout, IsOk());
  EXPECT_EQ(checkout->state(), v1::Checkout::OPEN);
  EXPECT_EQ(checkout->money().minor_units(), 1000);
  EXPECT_EQ(checkout->money().currency_code(), "USD");
  EXPECT_FALSE(checkout->url().empty());
  EXPECT_EQ(checkout->attribution().at("utm_source"), "letter");
  v1::GetCheckoutRequest get;
  get.set_name(checkout->name());
  EXPECT_EQ(Call(Nina(), &Stub::GetCheckout, get)->url(), checkout->url());
  EXPECT_THAT(Call(server_->MemberToken("members/oleh"), &Stub::GetCheckout, get),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

TEST_F(BillingServiceTest, ACheckoutThatIsClickedAHundredAndFiftyTimesIsOne) {
  v1::CreateCheckoutRequest request = Wanted();
  request.set_request_id(ids::NewUuid());
  const std::string token = Nina();
  std::atomic<int> answered = 0;
  std::vector<std::thread> clickers;
  for (int i = 0; i < 15; ++i) {
    clickers.emplace_back([&] {
      for (int click = 0; click < 10; ++click) {
        absl::StatusOr<v1::Checkout> checkout = Call(token, &Stub::CreateCheckout, request);
        for (; absl::IsAborted(checkout.status()) || absl::IsUnavailable(checkout.status());) {
          checkout = Call(token, &Stub::CreateCheckout, request);
        }
        if (checkout.ok() && !checkout->url().empty()) ++answered;
      }
    });
  }
  for (std::thread& clicker : clickers) clicker.join();

  EXPECT_EQ(answered, 150);
  EXPECT_EQ(Count("checkouts"), 1);
  EXPECT_EQ(Count("payments"), 1);
  EXPECT_EQ(Count("subscriptions"), 1);
}

TEST_F(BillingServiceTest, ARepeatedCallFinishesWhatTheProviderDidNotAnswer) {
  v1::CreateCheckoutRequest request = Wanted();
  request.set_request_id(ids::NewUuid());
  fake_->silent = true;
  EXPECT_THAT(Call(Nina(), &Stub::CreateCheckout, request),
              StatusIs(absl::StatusCode::kUnavailable, "PROVIDER_UNAVAILABLE"));
  fake_->silent = false;

  const absl::StatusOr<v1::Checkout> checkout = Call(Nina(), &Stub::CreateCheckout, request);

  ASSERT_THAT(checkout, IsOk());
  EXPECT_FALSE(checkout->url().empty());
  EXPECT_EQ(Count("checkouts"), 1);
}

TEST_F(BillingServiceTest, WhatIsWrongWithACheckoutIsToldAtOnce) {
  v1::CreateCheckoutRequest request = Wanted();
  request.mutable_checkout()->set_success_url("https://elsewhere.example/");
  request.mutable_checkout()->set_seats(-1);
  EXPECT_THAT(Call(Nina(), &Stub::CreateCheckout, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));

  request = Wanted();
  request.mutable_checkout()->set_amount(1);
  EXPECT_THAT(Call(Nina(), &Stub::CreateCheckout, request),
              StatusIs(absl::StatusCode::kOutOfRange, "AMOUNT_OUT_OF_RANGE"));

  request = Wanted();
  request.mutable_checkout()->mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) + 86'000);
  EXPECT_THAT(Call(Nina(), &Stub::CreateCheckout, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"))
      << "a subscription waits for 23 hours at most";
}

TEST_F(BillingServiceTest, WhoHasASubscriptionIsNotSoldAnother) {
  Apply(Completed(Open()));

  EXPECT_THAT(Call(Nina(), &Stub::CreateCheckout, Wanted()),
              StatusIs(absl::StatusCode::kAlreadyExists, "SUBSCRIPTION_EXISTS"));
}

TEST_F(BillingServiceTest, ADonorDecidesTheAmountWithinBounds) {
  v1::CreateCheckoutRequest request = Wanted();
  request.mutable_checkout()->set_kind(v1::Checkout::DONATION);
  request.mutable_checkout()->set_price("prices/thanks");
  request.mutable_checkout()->set_amount(2500);
  request.mutable_checkout()->mutable_donation()->set_campaign("campaigns/winter");

  const absl::StatusOr<v1::Checkout> checkout = Call(Nina(), &Stub::CreateCheckout, request);

  ASSERT_THAT(checkout, IsOk());
  EXPECT_EQ(checkout->money().minor_units(), 2500);
  EXPECT_EQ(checkout->donation().campaign(), "campaigns/winter");
  request.mutable_checkout()->set_amount(50);
  EXPECT_THAT(Call(Nina(), &Stub::CreateCheckout, request),
              StatusIs(absl::StatusCode::kOutOfRange, "AMOUNT_OUT_OF_RANGE"));
}

TEST_F(BillingServiceTest, ACheckoutThatIsGivenUpCannotBePaid) {
  const v1::Checkout checkout = *Call(Nina(), &Stub::CreateCheckout, Wanted());
  v1::ExpireCheckoutRequest request;
  request.set_name(checkout.name());
  request.set_etag(checkout.etag());

  EXPECT_EQ(Call(Nina(), &Stub::ExpireCheckout, request)->state(), v1::Checkout::EXPIRED);

  request.set_etag("*");
  EXPECT_THAT(Call(Nina(), &Stub::ExpireCheckout, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
  EXPECT_EQ(Value("SELECT state FROM subscriptions"), "EXPIRED");
}

TEST_F(BillingServiceTest, TimeClosesWhatNobodyPaidAndWaitsForWhatIsOnItsWay) {
  Open();
  const Checkout slow = Open();
  Apply(Completed(slow, /*paid=*/false));
  const auto expire = [&] { return ExpireDueCheckouts(database_.database(), feed_, {}); };
  EXPECT_THAT(expire(), testing::IsOkAndHolds(0));

  database_.MoveClock(absl::Hours(23));
  EXPECT_THAT(expire(), testing::IsOkAndHolds(1));
  EXPECT_EQ(Value("SELECT state FROM checkouts WHERE id <> '" + slow.id + "'"), "EXPIRED");
  EXPECT_EQ(Value("SELECT state FROM checkouts WHERE id = '" + slow.id + "'"), "PROCESSING");

  database_.MoveClock(absl::Hours(24 * 14));
  EXPECT_THAT(expire(), testing::IsOkAndHolds(1));
  EXPECT_EQ(Count("subscriptions WHERE state = 'EXPIRED'"), 2);
}

TEST_F(BillingServiceTest, AnInvoiceIsCollectedNow) {
  const Invoice invoice = Owed();

  const absl::StatusOr<v1::Payment> payment = Collect(invoice);

  ASSERT_THAT(payment, IsOk());
  EXPECT_EQ(payment->state(), v1::Payment::SUCCEEDED);
  ASSERT_EQ(fake_->charges.size(), 1u);
  EXPECT_EQ(payment->name(), "members/nina/payments/" + fake_->charges[0].key);
  EXPECT_THAT(Collect(invoice), StatusIs(absl::StatusCode::kFailedPrecondition, "INVALID_TRANSITION"));
}

TEST_F(BillingServiceTest, ADeclinedChargeIsAnOutcomeAndIsNotTriedAgainByARepetition) {
  const Invoice invoice = Owed();
  fake_->outcome = {.kind = ChargeOutcome::Kind::kDeclined, .decline_code = "stolen_card"};
  const std::string request_id = ids::NewUuid();

  EXPECT_THAT(Collect(invoice, request_id), StatusIs(absl::StatusCode::kFailedPrecondition, "CARD_DECLINED"));
  EXPECT_THAT(Collect(invoice, request_id), StatusIs(absl::StatusCode::kFailedPrecondition, "CARD_DECLINED"));

  EXPECT_EQ(fake_->charges.size(), 1u);
}

TEST_F(BillingServiceTest, AChargeThatNobodyKnowsOfIsOkAndBlocksTheNext) {
  const Invoice invoice = Owed();
  fake_->outcome = {.kind = ChargeOutcome::Kind::kUnknown};

  const absl::StatusOr<v1::Payment> payment = Collect(invoice);

  ASSERT_THAT(payment, IsOk());
  EXPECT_EQ(payment->state(), v1::Payment::UNKNOWN);
  EXPECT_THAT(Collect(invoice), StatusIs(absl::StatusCode::kFailedPrecondition, "PAYMENT_UNRESOLVED"));
  v1::VoidInvoiceRequest withdraw;
  withdraw.set_name("members/nina/invoices/" + invoice.id);
  withdraw.set_etag("*");
  EXPECT_THAT(Call(Finance(), &Stub::VoidInvoice, withdraw),
              StatusIs(absl::StatusCode::kFailedPrecondition, "PAYMENT_UNRESOLVED"));
  EXPECT_EQ(fake_->charges.size(), 1u);
}

TEST_F(BillingServiceTest, APaymentInCashIsRecordedAndGivenBack) {
  const Invoice invoice = Owed();
  v1::RecordManualPaymentRequest request;
  request.set_name("members/nina/invoices/" + invoice.id);
  request.set_etag("*");
  request.set_reference("receipt 7");
  request.mutable_money()->set_currency_code("EUR");
  request.mutable_money()->set_minor_units(1000);
  EXPECT_THAT(Call(Finance(), &Stub::RecordManualPayment, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "CURRENCY_MISMATCH"));
  request.mutable_money()->set_currency_code("USD");

  const absl::StatusOr<v1::Payment> payment = Call(Finance(), &Stub::RecordManualPayment, request);

  ASSERT_THAT(payment, IsOk());
  EXPECT_EQ(payment->kind(), v1::Payment::MANUAL);
  EXPECT_EQ(payment->reference(), "receipt 7");
  EXPECT_EQ(Value("SELECT state FROM invoices WHERE id = '" + invoice.id + "'"), "PAID");
  EXPECT_EQ(Refund(payment->name(), 0)->amount_refunded(), 1000) << "handed back";
}

TEST_F(BillingServiceTest, NoMoreIsRefundedThanIsLeft) {
  Apply(Completed(Open()));
  const std::string payment = "members/nina/payments/" + Value("SELECT id FROM payments");

  EXPECT_THAT(Refund(payment, 700), IsOk());
  EXPECT_THAT(Refund(payment, 400), StatusIs(absl::StatusCode::kOutOfRange, "REFUND_TOO_LARGE"));
  EXPECT_EQ(Refund(payment, 0)->refunds_size(), 2) << "all that is left";
  EXPECT_THAT(Refund(payment, 0), StatusIs(absl::StatusCode::kOutOfRange, "REFUND_TOO_LARGE"));
}

TEST_F(BillingServiceTest, ARefundIsRepeatedSafelyOrNotAtAll) {
  Apply(Completed(Open()));
  v1::RefundPaymentRequest request;
  request.set_name("members/nina/payments/" + Value("SELECT id FROM payments"));
  request.set_amount(100);
  request.set_reason("goodwill");
  request.set_etag("*");
  EXPECT_THAT(Call(Finance(), &Stub::RefundPayment, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.set_request_id(ids::NewUuid());

  EXPECT_THAT(Call(Finance(), &Stub::RefundPayment, request), IsOk());
  EXPECT_THAT(Call(Finance(), &Stub::RefundPayment, request), IsOk());

  EXPECT_EQ(Count("refunds"), 1);
}

TEST_F(BillingServiceTest, AFullRefundThatRevokesAccessEndsTheSubscription) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  const absl::StatusOr<v1::Payment> refunded =
      Refund("members/nina/payments/" + Value("SELECT id FROM payments"), 0, /*revoke_access=*/true);
  ASSERT_THAT(refunded, IsOk());

  Write([&](db::Transaction& tx) {
    RecordRefund(tx, feed_, refunded->refunds(0).refund_id(), {.kind = RefundOutcome::Kind::kSucceeded}, db::Now(tx));
    return true;
  });

  EXPECT_EQ(StateOfSubscription(checkout), "CANCELED REFUNDED");
}

TEST_F(BillingServiceTest, AMemberSeesTheMembersOwn) {
  Owed();
  v1::ListInvoicesRequest request;
  request.set_parent("members/nina");
  request.set_page_size(1);

  const absl::StatusOr<v1::ListInvoicesResponse> first = Call(Nina(), &Stub::ListInvoices, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->invoices_size(), 1);
  EXPECT_EQ(first->invoices(0).number(), 2);
  request.set_page_token(first->next_page_token());
  EXPECT_EQ(Call(Nina(), &Stub::ListInvoices, request)->invoices(0).number(), 1);
  EXPECT_THAT(Call(server_->MemberToken("members/oleh"), &Stub::ListInvoices, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  v1::ListPaymentsRequest payments;
  payments.set_parent("members/nina");
  EXPECT_EQ(Call(Nina(), &Stub::ListPayments, payments)->payments_size(), 1);
}

TEST_F(BillingServiceTest, TheBooksAreReadByWhoeverKeepsThem) {
  Owed();
  v1::ListLedgerTransactionsRequest request;
  request.set_filter(R"(member = "members/nina" AND accounts:CASH)");

  const absl::StatusOr<v1::ListLedgerTransactionsResponse> found =
      Call(Finance(), &Stub::ListLedgerTransactions, request);

  ASSERT_THAT(found, IsOk());
  ASSERT_EQ(found->ledger_transactions_size(), 1);
  EXPECT_EQ(found->ledger_transactions(0).kind(), "payment.succeeded");
  request.set_filter("");
  request.set_page_size(2);
  std::set<int64_t> numbers;
  do {
    const absl::StatusOr<v1::ListLedgerTransactionsResponse> page =
        Call(Finance(), &Stub::ListLedgerTransactions, request);
    ASSERT_THAT(page, IsOk());
    for (const v1::LedgerTransaction& one : page->ledger_transactions())
      EXPECT_TRUE(numbers.insert(one.number()).second);
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(numbers.size(), 3u);
  EXPECT_THAT(Call(Nina(), &Stub::ListLedgerTransactions, request), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(BillingServiceTest, AMembersGoodAndDisputesAreListed) {
  const Checkout checkout = Open();
  Apply(Completed(checkout));
  Apply(Disputed(ProviderFact::Kind::kDisputeOpened, checkout));
  Write([&](db::Transaction& tx) {
    return CreditUnused(tx, LoadInvoicesOf(tx, checkout.subscription_id).back().id, 250, db::Now(tx));
  });

  v1::GetMemberCreditRequest credit;
  credit.set_name("members/nina");
  EXPECT_EQ(Call(Nina(), &Stub::GetMemberCredit, credit)->balances(0).minor_units(), 250);
  v1::ListDisputesRequest disputes;
  disputes.set_parent("members/-");
  EXPECT_EQ(Call(Finance(), &Stub::ListDisputes, disputes)->disputes_size(), 1);
}

}  // namespace
}  // namespace masthead::memberships

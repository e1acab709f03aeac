#include "services/memberships/collecting/payment_providers_service.h"

#include <string>

#include "common/http/client.h"
#include "common/http/listener.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/collecting/webhook.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_event.h"
#include "tests/memberships/payments/payments_newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;

class PaymentProvidersServiceTest : public PaymentsTest {
 protected:
  std::string Event(const std::string& id, const std::string& payment) {
    return ledgerpay::FormatEvent(id, clock_.Now(), /*livemode=*/false,
                                  {.kind = ProviderFact::Kind::kPaymentSettled,
                                   .payment_ref = "lpch_" + payment,
                                   .payment_key = payment,
                                   .money = {"EUR", 500}});
  }

  absl::StatusOr<v1::ProviderEvent> Ingest(const std::string& body) {
    v1::IngestProviderEventRequest request;
    request.set_parent("paymentProviders/ledgerpay");
    request.set_body(body);
    for (const auto& [name, value] : Signed(body)) (*request.mutable_headers())[name] = value;
    return Call(server_.BackendToken({"payments.ingest"}), &PaymentProviders::IngestProviderEvent, request);
  }

  const std::string finance_ = server_.StaffToken({"finance"});
};

TEST_F(PaymentProvidersServiceTest, TakesEventsThatAGatewayPassesOn) {
  const std::string payment = MakePayment("pm_ok");
  const absl::StatusOr<v1::ProviderEvent> event = Ingest(Event("lpe_1", payment));
  ASSERT_THAT(event, IsOk());
  EXPECT_EQ(event->state(), v1::ProviderEvent::APPLIED);
  EXPECT_EQ(event->type(), "payment.settled");
  EXPECT_EQ(Ingest(Event("lpe_1", payment))->state(), v1::ProviderEvent::DUPLICATE);

  v1::GetProviderEventRequest get;
  get.set_name(event->name());
  const absl::StatusOr<v1::ProviderEvent> whole = Call(finance_, &PaymentProviders::GetProviderEvent, get);
  ASSERT_THAT(whole, IsOk());
  EXPECT_EQ(whole->body(), Event("lpe_1", payment));
  EXPECT_EQ(whole->state(), v1::ProviderEvent::APPLIED);
}

TEST_F(PaymentProvidersServiceTest, RefusesWhatIsNoEvent) {
  v1::IngestProviderEventRequest request;
  request.set_parent("paymentProviders/ledgerpay");
  const std::string gateway = server_.BackendToken({"payments.ingest"});
  EXPECT_THAT(Call(gateway, &PaymentProviders::IngestProviderEvent, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.set_body(std::string(kMaxEventBytes + 1, 'x'));
  EXPECT_THAT(Call(gateway, &PaymentProviders::IngestProviderEvent, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request.set_body("{}");
  EXPECT_THAT(Call(gateway, &PaymentProviders::IngestProviderEvent, request),
              StatusIs(absl::StatusCode::kUnauthenticated, "BAD_SIGNATURE"));
  request.set_parent("paymentProviders/stripe");
  EXPECT_THAT(Call(gateway, &PaymentProviders::IngestProviderEvent, request),
              StatusIs(absl::StatusCode::kNotFound, "PROVIDER_NOT_FOUND"));
}

TEST_F(PaymentProvidersServiceTest, ListsEventsByStatePageByPage) {
  const std::string payment = MakePayment("pm_ok");
  for (int i = 0; i < 5; ++i) {
    ASSERT_THAT(Ingest(Event(absl::StrCat("lpe_", i), i == 0 ? payment : absl::StrCat("other-", i))), IsOk());
  }
  v1::ListProviderEventsRequest request;
  request.set_parent("paymentProviders/ledgerpay");
  request.set_state(v1::ProviderEvent::PARKED);
  request.set_page_size(3);
  absl::StatusOr<v1::ListProviderEventsResponse> page = Call(finance_, &PaymentProviders::ListProviderEvents, request);
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->provider_events_size(), 3);
  EXPECT_EQ(page->provider_events(0).event_id(), "lpe_4");
  EXPECT_EQ(page->provider_events(0).body(), "");
  request.set_page_token(page->next_page_token());
  page = Call(finance_, &PaymentProviders::ListProviderEvents, request);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->provider_events_size(), 1);
  EXPECT_EQ(page->next_page_token(), "");
}

TEST_F(PaymentProvidersServiceTest, ReplaysAnEventOnce) {
  // Of a payment that is renamed to be there later.
  const std::string payment = "0199aaaa-0000-7000-8000-000000000000";
  const absl::StatusOr<v1::ProviderEvent> parked = Ingest(Event("lpe_1", payment));
  ASSERT_THAT(parked, IsOk());
  EXPECT_EQ(parked->state(), v1::ProviderEvent::PARKED);
  database_.Execute(absl::StrCat("UPDATE payments SET id = '", payment, "' WHERE id = '", MakePayment("pm_ok"), "'"));

  v1::ReplayProviderEventRequest request;
  request.set_name(parked->name());
  request.set_request_id("0b1f7a52-7a44-4a8e-9a1e-0b6f6d2a9c11");
  const absl::StatusOr<v1::ProviderEvent> replayed = Call(finance_, &PaymentProviders::ReplayProviderEvent, request);
  ASSERT_THAT(replayed, IsOk());
  EXPECT_EQ(replayed->state(), v1::ProviderEvent::APPLIED);
  EXPECT_EQ(Call(finance_, &PaymentProviders::ReplayProviderEvent, request)->attempts(), 2);
  request.set_request_id("0b1f7a52-7a44-4a8e-9a1e-0b6f6d2a9c12");
  EXPECT_EQ(Call(finance_, &PaymentProviders::ReplayProviderEvent, request)->state(), v1::ProviderEvent::DUPLICATE);
  request.set_name("paymentProviders/ledgerpay/events/none");
  EXPECT_THAT(Call(finance_, &PaymentProviders::ReplayProviderEvent, request),
              StatusIs(absl::StatusCode::kNotFound, "PROVIDER_EVENT_NOT_FOUND"));
}

TEST_F(PaymentProvidersServiceTest, TakesEventsOverHttpAsTheyAre) {
  const std::string payment = MakePayment("pm_ok");
  const auto listener = http::Listener::Start("127.0.0.1:0", memberships_.public_pages());
  ASSERT_THAT(listener, IsOk());
  const std::string base = absl::StrCat("http://127.0.0.1:", (*listener)->port(), "/v1/paymentProviders/");
  const auto post = [&](const std::string& path, const std::string& body, const std::string& signature) {
    const absl::StatusOr<http::Answer> response =
        http::Send({}, {.method = "POST",
                        .url = base + path,
                        .headers = {"Content-Type: application/json", "Ledgerpay-Signature: " + signature},
                        .body = body});
    return response.ok() ? response->status : 0;
  };
  const std::string body = Event("lpe_1", payment);
  const std::string signature = ledgerpay().Sign(body, clock_.Now());
  EXPECT_EQ(post("ledgerpay/events", body, signature), 200);
  EXPECT_EQ(post("ledgerpay/events", body, signature), 200);
  EXPECT_EQ(post("ledgerpay/events", body + "\n", signature), 400);
  EXPECT_EQ(post("nobody/events", body, signature), 404);
  EXPECT_EQ(post("ledgerpay", body, signature), 404);
  EXPECT_EQ(post("ledgerpay/events", std::string(kMaxEventBytes + 1, 'x'), signature), 413);
  const std::string parked = Event("lpe_2", "not-ours");
  EXPECT_EQ(post("ledgerpay/events", parked, ledgerpay().Sign(parked, clock_.Now())), 200);
  EXPECT_EQ(StateOf(payment), "SUCCEEDED");
  EXPECT_EQ(Count("provider_events"), 2);
}

}  // namespace
}  // namespace masthead::memberships

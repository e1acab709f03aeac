// The smarthosts that campaigns leave by.
#include "gmock/gmock.h"
#include "masthead/notifications/v1/campaign_service.grpc.pb.h"
#include "masthead/notifications/v1/route_service.grpc.pb.h"
#include "tests/notifications/support/newsroom.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kName[] = "routes/bulk";

class Routes : public QuietNewsroomTest {
 protected:
  Routes()
      : routes_(v1::RouteService::NewStub(server_->Channel())),
        campaigns_(v1::CampaignService::NewStub(server_->Channel())) {}

  v1::CreateRouteRequest Request() {
    v1::CreateRouteRequest request;
    request.set_route_id("bulk");
    v1::Route& route = *request.mutable_route();
    route.set_host("127.0.0.1");
    route.set_port(other_sink_.port());
    route.set_tls(v1::Route::NONE);
    return request;
  }

  grpc::Status Create(const v1::CreateRouteRequest& request) {
    return routes_->CreateRoute(AsBackend().get(), request, &route_);
  }

  grpc::Status Update(const v1::Route& route, const std::string& field) {
    v1::UpdateRouteRequest request;
    *request.mutable_route() = route;
    request.mutable_update_mask()->add_paths(field);
    return routes_->UpdateRoute(AsBackend().get(), request, &route_);
  }

  // Sends a campaign by the route.
  void SendCampaign(const std::string& id) {
    v1::CreateCampaignRequest create;
    create.set_campaign_id(id);
    create.mutable_campaign()->set_title(id);
    create.mutable_campaign()->mutable_audience()->add_topics("topics/section-war");
    create.mutable_campaign()->set_route(kName);
    v1::Campaign campaign;
    ASSERT_THAT(campaigns_->CreateCampaign(AsEditor().get(), create, &campaign), IsOk());
    v1::StartCampaignRequest start;
    start.set_name(campaign.name());
    start.set_etag("*");
    ASSERT_THAT(campaigns_->StartCampaign(AsEditor().get(), start, &campaign), IsOk());
    ASSERT_THAT(FanOutAll(), IsOk());
    ASSERT_THAT(SendAll(), IsOk());
  }

  mail::SmtpSink other_sink_;
  std::unique_ptr<v1::RouteService::Stub> routes_;
  std::unique_ptr<v1::CampaignService::Stub> campaigns_;
  v1::Route route_;
};

TEST_F(Routes, CarryTheLettersOfCampaignsThatNameThem) {
  AddReader("olha", {"section-war"});
  ASSERT_THAT(Create(Request()), IsOk());
  SendCampaign("first");
  EXPECT_THAT(other_sink_.messages(), SizeIs(1));
  EXPECT_THAT(sink_.messages(), IsEmpty());

  v1::DeleteRouteRequest remove;
  remove.set_name(kName);
  remove.set_etag(route_.etag());
  google::protobuf::Empty empty;
  ASSERT_THAT(routes_->DeleteRoute(AsBackend().get(), remove, &empty), IsOk());
  v1::CreateCampaignRequest create;
  create.set_campaign_id("second");
  create.mutable_campaign()->set_title("Second");
  create.mutable_campaign()->mutable_audience()->add_topics("topics/section-war");
  create.mutable_campaign()->set_route(kName);
  v1::Campaign campaign;
  EXPECT_THAT(campaigns_->CreateCampaign(AsEditor().get(), create, &campaign),
              StatusIs(StatusCode::kNotFound, "ROUTE_NOT_FOUND"));
}

TEST_F(Routes, KeepTheirPasswordToThemselves) {
  v1::CreateRouteRequest request = Request();
  request.mutable_route()->set_user("newsroom");
  request.mutable_route()->set_tls(v1::Route::REQUIRED);
  EXPECT_EQ(Create(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT) << "a user without a password";
  request.mutable_route()->set_password("a secret");
  request.mutable_route()->set_tls(v1::Route::NONE);
  EXPECT_EQ(Create(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT) << "a password in the clear";
  request.mutable_route()->set_tls(v1::Route::REQUIRED);
  ASSERT_THAT(Create(request), IsOk());
  EXPECT_EQ(route_.user(), "newsroom");
  EXPECT_THAT(route_.password(), IsEmpty());
  EXPECT_THAT(postgres_.QueryValue("SELECT r::text FROM routes r"), Not(HasSubstr("a secret")));
  v1::Route change = route_;
  change.set_rate_per_minute(100);
  ASSERT_THAT(Update(change, "rate_per_minute"), IsOk());
  EXPECT_NE(postgres_.QueryValue("SELECT sealed_password <> '' FROM routes"), "f") << "it stays";
}

TEST_F(Routes, ChangeByTheirEtag) {
  ASSERT_THAT(Create(Request()), IsOk());
  EXPECT_THAT(Create(Request()), StatusIs(StatusCode::kAlreadyExists, "ROUTE_EXISTS"));
  v1::Route stale = route_;
  v1::Route change = route_;
  change.mutable_warm_up()->set_start(200);
  change.mutable_warm_up()->set_end(200'000);
  change.mutable_warm_up()->set_days(42);
  ASSERT_THAT(Update(change, "warm_up"), IsOk());
  EXPECT_EQ(route_.warm_up().days(), 42);
  EXPECT_TRUE(route_.warm_up().has_start_time());
  stale.set_max_connections(9);
  EXPECT_THAT(Update(stale, "max_connections"), StatusIs(StatusCode::kAborted, "ETAG_MISMATCH"));
  change = route_;
  change.set_port(70'000);
  EXPECT_EQ(Update(change, "port").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  change.set_host("smtp.example\r\nQUIT");
  EXPECT_EQ(Update(change, "host").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(Routes, SignOnlyWithKeysThatAreThere) {
  v1::CreateRouteRequest request = Request();
  request.mutable_route()->set_dkim_domain("news.example");
  request.mutable_route()->add_dkim_selectors("s1");
  EXPECT_THAT(Create(request), StatusIs(StatusCode::kFailedPrecondition, "ROUTE_DKIM_MISSING"));
}

TEST_F(Routes, AreListedAfterTheOneOfTheFlagsWhichNobodyChanges) {
  ASSERT_THAT(Create(Request()), IsOk());
  v1::CreateRouteRequest another = Request();
  another.set_route_id("archive");
  ASSERT_THAT(Create(another), IsOk());
  std::vector<std::string> names;
  v1::ListRoutesRequest list;
  list.set_page_size(1);
  v1::ListRoutesResponse page;
  do {
    ASSERT_THAT(routes_->ListRoutes(AsBackend().get(), list, &page), IsOk());
    for (const v1::Route& route : page.routes()) names.push_back(route.name());
    list.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  EXPECT_THAT(names, ElementsAre("routes/default", "routes/archive", kName));

  v1::Route change;
  change.set_name("routes/default");
  change.set_etag("*");
  change.set_host("elsewhere.example");
  EXPECT_THAT(Update(change, "host"), StatusIs(StatusCode::kFailedPrecondition, "ROUTE_BUILT_IN"));
  change.set_name("routes/none");
  EXPECT_THAT(Update(change, "host"), StatusIs(StatusCode::kNotFound, "ROUTE_NOT_FOUND"));
  v1::GetRouteRequest get;
  get.set_name("routes/default");
  EXPECT_THAT(routes_->GetRoute(AsEditor().get(), get, &change),
              StatusIs(StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
}

}  // namespace
}  // namespace masthead::notifications

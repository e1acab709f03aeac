// Metered readers, with a whole memberships service behind articles: what the paywall opens, and what it counts.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/token.h"
#include "common/rpc/channel.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "masthead/memberships/v1/entitlements_service.grpc.pb.h"
#include "masthead/memberships/v1/institutions_service.grpc.pb.h"
#include "masthead/memberships/v1/members_service.grpc.pb.h"
#include "masthead/memberships/v1/plans_service.grpc.pb.h"
#include "services/memberships/memberships.h"
#include "tests/articles/newsroom.h"
#include "tests/memberships/payments/test_providers.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using Access = v1::ReadAccess;

// Memberships on a database of its own. Ends when the test wants it to.
class MembershipsService {
 public:
  std::shared_ptr<grpc::Channel> ChannelOfArticles() const { return server_->ChannelAs("articles"); }
  void Stop() { server_.reset(); }

  template <typename Stub, typename Request, typename Response>
  Response Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), const Request& request) {
    Stub stub(server_->Channel());
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(20));
    testing::Authorize(context, server_->BackendToken({"members.read", "members.write"}));
    Response response;
    EXPECT_THAT((stub.*method)(&context, request, &response), IsOk());
    return response;
  }

  std::string QueryValue(const std::string& sql) { return postgres_.QueryValue(sql); }

 private:
  testing::TestDatabase postgres_{memberships::Schema()};
  const std::unique_ptr<memberships::SigningKeys> keys_ =
      *memberships::SigningKeys::FromPem(auth::SigningKey::Generate()->pem(), {});
  const crypto::MacKey mac_key_ = crypto::MacKey::Random();
  const std::unique_ptr<memberships::AddressKeys> address_keys_ =
      *memberships::AddressKeys::FromText(std::string(64, '5'));
  const std::unique_ptr<memberships::Providers> providers_ =
      memberships::WithTestMethods(postgres_.database(), mac_key_);
  // It sends no mail here.
  const std::shared_ptr<grpc::Channel> nowhere_ =
      grpc::CreateChannel("ipv4:127.0.0.1:1", grpc::InsecureChannelCredentials());
  memberships::Memberships memberships_{{.database = postgres_.database(),
                                         .clock = Clock::System(),
                                         .mac_key = mac_key_,
                                         .signing_keys = *keys_,
                                         .address_keys = *address_keys_,
                                         .providers = *providers_,
                                         .notifications = nowhere_}};
  std::unique_ptr<testing::TestServer> server_ = std::make_unique<testing::TestServer>(memberships_.services());
};

class MeteredReadingTest : public Newsroom {
 protected:
  MeteredReadingTest() {
    namespace m = memberships::v1;
    m::CreateMemberRequest nina;
    nina.set_member_id("nina");
    nina.mutable_member()->set_email("nina@example.org");
    memberships_.Call(&m::MembersService::Stub::CreateMember, nina);
    m::CreateMeterPolicyRequest policy;
    policy.set_meter_policy_id("monthly");
    policy.mutable_meter_policy()->set_display_name("Two a month");
    policy.mutable_meter_policy()->add_levels(m::AccessRequirement::MEMBERS);
    policy.mutable_meter_policy()->add_levels(m::AccessRequirement::PLANS);
    policy.mutable_meter_policy()->set_window(m::MeterPolicy::MONTH);
    policy.mutable_meter_policy()->set_time_zone("Europe/Kyiv");
    policy.mutable_meter_policy()->mutable_anonymous_max_views()->set_value(2);
    policy.mutable_meter_policy()->mutable_registered_max_views()->set_value(3);
    memberships_.Call(&m::PlansService::Stub::CreateMeterPolicy, policy);
    for (int i = 0; i < 5; ++i) articles_of_members_.push_back(PublishFor(v1::Access::MEMBERS, i));
  }

  std::string PublishFor(v1::Access::Level level, int number) {
    v1::Article draft = Draft(absl::StrCat("Story ", number, " ", v1::Access::Level_Name(level)));
    draft.add_body()->mutable_paragraph()->mutable_text()->set_text("SECRET second paragraph.");
    draft.mutable_access()->set_level(level);
    draft.mutable_access()->set_preview_paragraphs(1);
    return Publish(Create(draft)).name();
  }

  std::string Anonymous() {
    namespace m = memberships::v1;
    return memberships_.Call(&m::EntitlementsService::Stub::IssueAnonymousReader, m::IssueAnonymousReaderRequest())
        .anonymous_reader();
  }

  // The body is there exactly if the answer says so.
  v1::ReadArticleResponse Ask(const v1::ReadArticleRequest& request, const std::string& token) {
    v1::ReadArticleResponse response;
    EXPECT_THAT(Call(*stub_, &v1::ReadingService::Stub::ReadArticle, request, &response, token), IsOk());
    EXPECT_EQ(response.access().granted(), response.SerializeAsString().find("SECRET") != std::string::npos);
    EXPECT_EQ(response.cache().scope(), v1::CachePolicy::PRIVATE);
    return response;
  }

  v1::ReadArticleResponse ReadAs(const std::string& anonymous_reader, const std::string& name) {
    v1::ReadArticleRequest request;
    request.set_name(name);
    request.set_anonymous_reader(anonymous_reader);
    return Ask(request, "");
  }

  v1::ReadArticleResponse ReadWith(const std::string& token, const std::string& name) {
    v1::ReadArticleRequest request;
    request.set_name(name);
    return Ask(request, token);
  }

  v1::ReadArticleResponse ReadFor(const std::string& member, const std::string& name) {
    v1::ReadArticleRequest request;
    request.set_name(name);
    request.set_reader(member);
    return Ask(request, other_.BackendToken({"articles.read"}));
  }

  std::string CountedViews() {
    return memberships_.QueryValue("SELECT coalesce(sum(cardinality(articles)), 0) FROM meters");
  }

  MembershipsService memberships_;
  Articles replica_{postgres_.database(), Clock::System(), key_, {.memberships = memberships_.ChannelOfArticles()}};
  testing::TestServer other_{replica_.services()};
  const std::unique_ptr<v1::ReadingService::Stub> stub_ = v1::ReadingService::NewStub(other_.Channel());
  std::vector<std::string> articles_of_members_;
};

TEST_F(MeteredReadingTest, AnAnonymousReaderOpensSomeArticlesAndTheseAgain) {
  const std::string reader = Anonymous();
  const v1::ReadArticleResponse first = ReadAs(reader, articles_of_members_[0]);
  EXPECT_EQ(first.access().reason(), Access::METERED);
  EXPECT_TRUE(first.access().granted());
  EXPECT_FALSE(first.access().preview_only());
  EXPECT_EQ(first.access().meter().views(), 1);
  EXPECT_EQ(first.access().meter().views_left(), 1);
  EXPECT_EQ(first.access().meter().max_views(), 2);
  EXPECT_GT(first.access().meter().reset_time().seconds(), absl::ToUnixSeconds(absl::Now()));
  EXPECT_EQ(ReadAs(reader, articles_of_members_[0]).access().meter().views(), 1);
  EXPECT_EQ(ReadAs(reader, articles_of_members_[1]).access().meter().views_left(), 0);

  const v1::ReadArticleResponse third = ReadAs(reader, articles_of_members_[2]);
  EXPECT_EQ(third.access().reason(), Access::METER_EXHAUSTED);
  EXPECT_TRUE(third.access().preview_only());
  EXPECT_EQ(third.article().body_size(), 1);
  EXPECT_EQ(third.access().meter().views_left(), 0);
  EXPECT_EQ(ReadAs(reader, articles_of_members_[0]).access().reason(), Access::METERED);
}

TEST_F(MeteredReadingTest, AMemberIsMeteredByTokenAndByNameAlike) {
  const std::string token = other_.MemberToken("members/nina");
  EXPECT_EQ(ReadWith(token, articles_of_members_[0]).access().meter().max_views(), 3);
  EXPECT_EQ(ReadFor("members/nina", articles_of_members_[0]).access().meter().views(), 1);
  EXPECT_EQ(ReadFor("members/nina", articles_of_members_[1]).access().meter().views(), 2);
  EXPECT_EQ(ReadWith(token, articles_of_members_[2]).access().meter().views_left(), 0);
  EXPECT_EQ(ReadWith(token, articles_of_members_[3]).access().reason(), Access::METER_EXHAUSTED);
  EXPECT_EQ(ReadFor("members/nina", articles_of_members_[3]).access().reason(), Access::METER_EXHAUSTED);
}

TEST_F(MeteredReadingTest, NothingIsCountedForWhoMayReadAnyway) {
  const std::string gold = other_.MemberToken("members/nina", {"tiers/gold"});
  for (const std::string& name : articles_of_members_) {
    EXPECT_EQ(ReadWith(gold, name).access().reason(), Access::ENTITLED);
  }
  const std::string for_registered = PublishFor(v1::Access::REGISTERED, 9);
  EXPECT_EQ(ReadWith(other_.MemberToken("members/nina"), for_registered).access().reason(), Access::ENTITLED);
  EXPECT_EQ(ReadWith(other_.StaffToken({"editor"}), articles_of_members_[0]).access().reason(), Access::ENTITLED);
  EXPECT_EQ(CountedViews(), "0");
}

TEST_F(MeteredReadingTest, OnlyReadingAnArticleCounts) {
  const std::string reader = Anonymous();
  ReadAs(reader, articles_of_members_[0]);
  ASSERT_EQ(CountedViews(), "1");
  for (int i = 0; i < 2; ++i) {
    v1::ListPublishedArticlesResponse listed;
    EXPECT_THAT(Call(*stub_, &v1::ReadingService::Stub::ListPublishedArticles, v1::ListPublishedArticlesRequest(),
                     &listed, other_.MemberToken("members/nina")),
                IsOk());
    EXPECT_EQ(listed.SerializeAsString().find("SECRET"), std::string::npos);
  }
  EXPECT_EQ(ReadAs("", articles_of_members_[1]).access().reason(), Access::MEMBERSHIP_REQUIRED);
  EXPECT_EQ(ReadAs("made-up", articles_of_members_[1]).access().reason(), Access::MEMBERSHIP_REQUIRED);
  EXPECT_EQ(ReadAs(reader, PublishFor(v1::Access::REGISTERED, 9)).access().reason(), Access::REGISTRATION_REQUIRED)
      << "the policy does not cover this level";
  EXPECT_EQ(CountedViews(), "1");
}

TEST_F(MeteredReadingTest, GetsThePreviewAndNeverAnErrorWhileMembershipsIsDown) {
  const std::string reader = Anonymous();
  ASSERT_TRUE(ReadAs(reader, articles_of_members_[0]).access().granted());
  memberships_.Stop();
  const std::string nina = other_.MemberToken("members/nina");
  for (const v1::ReadArticleResponse& response :
       {ReadAs(reader, articles_of_members_[0]), ReadWith(nina, articles_of_members_[1]),
        ReadFor("members/nina", articles_of_members_[1])}) {
    EXPECT_EQ(response.access().reason(), Access::ENTITLEMENTS_UNAVAILABLE);
    EXPECT_EQ(response.article().body_size(), 1);
    EXPECT_LE(response.cache().max_age().seconds(), 2);
  }
  EXPECT_EQ(ReadWith(other_.MemberToken("members/nina", {"tiers/gold"}), articles_of_members_[1]).access().reason(),
            Access::ENTITLED)
      << "the token says enough";
}

TEST_F(MeteredReadingTest, ReadsAreCountedExactlyHoweverManyComeAtOnce) {
  const std::string token = other_.MemberToken("members/nina");
  std::atomic<int> granted = 0;
  std::atomic<int> exhausted = 0;
  std::vector<std::thread> tabs;
  for (int i = 0; i < 15; ++i) {
    tabs.emplace_back([&, i] {
      const Access access = ReadWith(token, articles_of_members_[i % 5]).access();
      granted += access.reason() == Access::METERED ? 1 : 0;
      exhausted += access.reason() == Access::METER_EXHAUSTED ? 1 : 0;
    });
  }
  for (std::thread& tab : tabs) tab.join();
  EXPECT_EQ(granted + exhausted, 15);
  EXPECT_EQ(granted, 9) << "three articles, in three tabs each";
  EXPECT_EQ(CountedViews(), "3");
}

TEST_F(MeteredReadingTest, AnInstitutionsNetworkOpensWhatItPaidForAndCountsNothing) {
  namespace m = memberships::v1;
  m::CreateTierRequest tier;
  tier.set_tier_id("gold");
  tier.mutable_tier()->set_display_name("Gold");
  memberships_.Call(&m::PlansService::Stub::CreateTier, tier);
  m::CreateInstitutionRequest library;
  library.set_institution_id("library");
  library.mutable_institution()->set_display_name("City library");
  library.mutable_institution()->set_tier("tiers/gold");
  library.mutable_institution()->add_networks("192.0.2.0/24");
  memberships_.Call(&m::InstitutionsService::Stub::CreateInstitution, library);
  v1::ReadArticleRequest request;
  request.set_name(articles_of_members_[0]);
  request.set_anonymous_reader(Anonymous());
  request.set_reader_address("192.0.2.7");
  const std::string backend = other_.BackendToken({"articles.read"});

  const v1::ReadArticleResponse inside = Ask(request, backend);

  EXPECT_TRUE(inside.access().granted());
  EXPECT_EQ(inside.access().reason(), Access::ENTITLED);
  EXPECT_EQ(CountedViews(), "0");
  request.set_reader_address("203.0.113.7");
  EXPECT_EQ(Ask(request, backend).access().reason(), Access::METERED);
  EXPECT_EQ(CountedViews(), "1");
}

TEST_F(MeteredReadingTest, AReaderDoesNotSayWhereTheReaderReads) {
  v1::ReadArticleRequest request;
  request.set_name(articles_of_members_[0]);
  request.set_anonymous_reader(Anonymous());
  request.set_reader_address("192.0.2.7");
  v1::ReadArticleResponse response;
  EXPECT_THAT(Call(*stub_, &v1::ReadingService::Stub::ReadArticle, request, &response, ""),
              testing::StatusIs(absl::StatusCode::kPermissionDenied, "READER_NOT_ADMITTED"));
}

}  // namespace
}  // namespace masthead::articles

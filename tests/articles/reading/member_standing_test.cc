// Readers whom a backend only names: memberships is asked, and may be slow, down, or back.
#include "services/articles/reading/member_standing.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "gmock/gmock.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "services/articles/workers/cache_follower.h"
#include "tests/articles/newsroom.h"

namespace masthead::articles {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Knows `members/gold`, of the tier gold, and `members/plain`, of none.
class MembershipsStandIn final : public memberships::v1::EntitlementsService::Service {
 public:
  MembershipsStandIn() { Start(); }
  ~MembershipsStandIn() override { Stop(); }

  std::shared_ptr<grpc::Channel> Channel() const {
    return rpc::Connect(absl::StrCat("ipv4:127.0.0.1:", port_), grpc::InsecureChannelCredentials());
  }

  void Start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", port_), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  void Stop() {
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }
  // Lets callers wait until they give up.
  void Hang(bool hangs) { hangs_ = hangs; }
  int calls() const { return calls_; }

  grpc::Status CheckAccess(grpc::ServerContext* context, const memberships::v1::CheckAccessRequest* request,
                           memberships::v1::AccessDecision* decision) override {
    ++calls_;
    while (hangs_ && !context->IsCancelled()) absl::SleepFor(absl::Milliseconds(1));
    using Decision = memberships::v1::AccessDecision;
    decision->set_reason(request->member() == "members/plain" ? Decision::LACKS_TIER : Decision::NOT_REGISTERED);
    if (request->member() == "members/gold") {
      decision->set_granted(true);
      decision->set_reason(Decision::HAS_TIER);
      decision->add_tiers("tiers/gold");
    }
    return grpc::Status::OK;
  }

 private:
  int port_ = 0;
  std::atomic<bool> hangs_ = false;
  std::atomic<int> calls_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class MemberStandingsTest : public ::testing::Test {
 protected:
  MembershipsStandIn memberships_;
  ManualClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  MemberStandings standings_{memberships_.Channel(), clock_};
};

TEST_F(MemberStandingsTest, LearnsTheTiersOfAMember) {
  const Reader gold = standings_.Find("members/gold");
  EXPECT_TRUE(gold.is_member);
  EXPECT_THAT(gold.tiers, ElementsAre("tiers/gold"));
  const Reader plain = standings_.Find("members/plain");
  EXPECT_TRUE(plain.is_member);
  EXPECT_THAT(plain.tiers, IsEmpty());
  const Reader nobody = standings_.Find("members/nobody");
  EXPECT_FALSE(nobody.is_member);
  EXPECT_FALSE(nobody.is_uncertain);
}

TEST_F(MemberStandingsTest, NeverWaitsLongForMembershipsAndSoonNotAtAll) {
  memberships_.Hang(true);
  const absl::Time start = absl::Now();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(standings_.Find("members/gold").is_uncertain);
  EXPECT_LT(absl::Now() - start, absl::Seconds(3)) << "a quarter of a second each";
  const int calls = memberships_.calls();
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(standings_.Find("members/gold").is_uncertain);
  EXPECT_EQ(memberships_.calls(), calls);

  memberships_.Hang(false);
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(standings_.Find("members/gold").is_member) << "it is noticed that memberships is back";
  EXPECT_TRUE(standings_.Find("members/gold").is_member);
}

TEST_F(MemberStandingsTest, KnowsNothingWithoutMemberships) {
  MemberStandings alone(nullptr, clock_);
  EXPECT_TRUE(alone.Find("members/gold").is_uncertain);
}

class NamedReaderTest : public Newsroom {
 protected:
  NamedReaderTest() {
    v1::Article draft = Draft("Gated");
    draft.add_body()->mutable_paragraph()->mutable_text()->set_text("SECRET");
    draft.mutable_access()->set_level(v1::Access::PLANS);
    draft.mutable_access()->add_plans("tiers/gold");
    draft.mutable_access()->set_preview_paragraphs(1);
    gated_ = Publish(Create(draft)).name();
    open_ = Publish(Create(Draft("Open"))).name();
    replica_.cache_follower().Run({.deadline = absl::Now() + absl::Seconds(10)});
  }

  grpc::Status TryReadFor(const std::string& name, const std::string& member, const std::string& token,
                          v1::ReadArticleResponse* response) {
    v1::ReadArticleRequest request;
    request.set_name(name);
    request.set_reader(member);
    return Call(*stub_, &v1::ReadingService::Stub::ReadArticle, request, response, token);
  }

  v1::ReadArticleResponse ReadFor(const std::string& name, const std::string& member) {
    v1::ReadArticleResponse response;
    EXPECT_THAT(TryReadFor(name, member, other_.BackendToken({"articles.read"}), &response), IsOk());
    EXPECT_EQ(name == gated_ && response.access().granted(),
              response.SerializeAsString().find("SECRET") != std::string::npos);
    return response;
  }

  MembershipsStandIn memberships_;
  Articles replica_{postgres_.database(), Clock::System(), key_, {.memberships = memberships_.Channel()}};
  testing::TestServer other_{replica_.services()};
  const std::unique_ptr<v1::ReadingService::Stub> stub_ = v1::ReadingService::NewStub(other_.Channel());
  std::string gated_;
  std::string open_;
};

TEST_F(NamedReaderTest, ReadsWhatMembershipsSaysThatTheMemberMay) {
  EXPECT_EQ(ReadFor(gated_, "members/gold").access().reason(), v1::ReadAccess::ENTITLED);
  EXPECT_EQ(ReadFor(gated_, "members/plain").access().reason(), v1::ReadAccess::PLAN_REQUIRED);
  EXPECT_EQ(ReadFor(gated_, "members/gold").cache().scope(), v1::CachePolicy::PRIVATE);
  const int calls = memberships_.calls();
  EXPECT_EQ(ReadFor(open_, "members/gold").access().reason(), v1::ReadAccess::OPEN);
  EXPECT_EQ(memberships_.calls(), calls) << "nobody is asked about what everybody may read";
}

TEST_F(NamedReaderTest, GetsThePreviewAndNeverAnErrorWhileMembershipsIsDown) {
  EXPECT_TRUE(ReadFor(gated_, "members/gold").access().granted());
  memberships_.Stop();

  const v1::ReadArticleResponse read = ReadFor(gated_, "members/gold");

  EXPECT_EQ(read.access().reason(), v1::ReadAccess::ENTITLEMENTS_UNAVAILABLE);
  EXPECT_EQ(read.article().body_size(), 1);
  EXPECT_LE(read.cache().max_age().seconds(), 2);
  EXPECT_EQ(read.cache().scope(), v1::CachePolicy::PRIVATE);
  EXPECT_TRUE(ReadFor(open_, "members/gold").access().granted());

  memberships_.Start();
  const absl::Time patience = absl::Now() + absl::Seconds(15);
  bool is_noticed = false;
  while (!is_noticed && absl::Now() < patience) is_noticed = ReadFor(gated_, "members/gold").access().granted();
  EXPECT_TRUE(is_noticed);
}

TEST_F(NamedReaderTest, IsNamedOnlyByBackendsThatMay) {
  v1::ReadArticleResponse response;
  for (const std::string& token : {std::string(), other_.BackendToken({"articles.write"}),
                                   other_.MemberToken("members/plain"), other_.StaffToken({"reporter"})}) {
    EXPECT_THAT(TryReadFor(gated_, "members/gold", token, &response),
                StatusIs(absl::StatusCode::kPermissionDenied, "READER_NOT_ADMITTED"));
  }
  EXPECT_THAT(TryReadFor(gated_, "gold", other_.BackendToken({"articles.read"}), &response),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace masthead::articles

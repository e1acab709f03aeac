#include "services/memberships/entitlements/entitlements_service.h"

#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class EntitlementsServiceTest : public NewsroomTest {
 protected:
  EntitlementsServiceTest() {
    Register("nina", "nina@example.org");
    MakeTier("gold");
    MakeTier("silver");
  }

  static v1::CheckAccessRequest Question(const std::string& member, v1::AccessRequirement::Level level,
                                         const std::vector<std::string>& tiers = {}) {
    v1::CheckAccessRequest request;
    request.set_member("members/" + member);
    request.mutable_requirement()->set_level(level);
    for (const std::string& tier : tiers) request.mutable_requirement()->add_tiers("tiers/" + tier);
    return request;
  }

  v1::AccessDecision Ask(const v1::CheckAccessRequest& question) {
    const auto decision = CallAs("articles", &Entitlements::CheckAccess, question);
    EXPECT_THAT(decision, IsOk());
    return decision.value_or(v1::AccessDecision());
  }
};

TEST_F(EntitlementsServiceTest, DecidesByTheUnionOfAllGrants) {
  EXPECT_EQ(Ask(Question("nobody", v1::AccessRequirement::PUBLIC)).reason(), v1::AccessDecision::OPEN_TO_ALL);
  EXPECT_EQ(Ask(Question("nina", v1::AccessRequirement::REGISTERED)).reason(), v1::AccessDecision::IS_REGISTERED);
  EXPECT_EQ(Ask(Question("nina", v1::AccessRequirement::MEMBERS)).reason(), v1::AccessDecision::LACKS_TIER);
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(1)), IsOk());
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(3)), IsOk());

  const v1::AccessDecision decision = Ask(Question("nina", v1::AccessRequirement::PLANS, {"gold", "platinum"}));

  EXPECT_TRUE(decision.granted());
  EXPECT_EQ(decision.reason(), v1::AccessDecision::HAS_TIER);
  EXPECT_THAT(decision.tiers(), ElementsAre("tiers/gold"));
  EXPECT_NEAR(static_cast<double>(decision.end_time().seconds()),
              static_cast<double>(absl::ToUnixSeconds(DatabaseNow() + absl::Hours(3))), 5);
  EXPECT_FALSE(Ask(Question("nina", v1::AccessRequirement::PLANS, {"silver"})).granted());
}

TEST_F(EntitlementsServiceTest, AnEndCountsTheMomentItComesThoughNoJobHasRun) {
  ASSERT_THAT(GrantTier("nina", "gold", absl::Hours(1)), IsOk());
  EXPECT_TRUE(Ask(Question("nina", v1::AccessRequirement::PLANS, {"gold"})).granted());

  MoveTime(absl::Hours(1));

  EXPECT_FALSE(Ask(Question("nina", v1::AccessRequirement::PLANS, {"gold"})).granted());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM grants WHERE next_change_time <= db_now()"), "1");
}

TEST_F(EntitlementsServiceTest, WhoIsDeletedOrNeverWasReadsWhatIsPublicOnly) {
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  v1::DeleteMemberRequest goodbye;
  goodbye.set_name("members/nina");
  goodbye.set_etag("*");
  ASSERT_THAT(Call(Backend(), &Members::DeleteMember, goodbye), IsOk());

  for (const char* member : {"nina", "nobody"}) {
    EXPECT_TRUE(Ask(Question(member, v1::AccessRequirement::PUBLIC)).granted());
    EXPECT_EQ(Ask(Question(member, v1::AccessRequirement::REGISTERED)).reason(), v1::AccessDecision::NOT_REGISTERED);
    EXPECT_FALSE(Ask(Question(member, v1::AccessRequirement::PLANS, {"gold"})).granted());
  }
}

TEST_F(EntitlementsServiceTest, FailsClosedOnARequirementItDoesNotKnow) {
  const auto level_of_tomorrow = static_cast<v1::AccessRequirement::Level>(77);
  for (const v1::CheckAccessRequest& question :
       {Question("nina", v1::AccessRequirement::LEVEL_UNSPECIFIED), Question("nina", level_of_tomorrow),
        Question("nina", v1::AccessRequirement::PLANS), Question("nina", v1::AccessRequirement::PUBLIC, {"gold"}),
        Question("nina", v1::AccessRequirement::PLANS, {"Not A Tier"}),
        Question("nina", v1::AccessRequirement::PLANS, std::vector<std::string>(51, "gold"))}) {
    EXPECT_THAT(CallAs("articles", &Entitlements::CheckAccess, question),
                StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  }
}

TEST_F(EntitlementsServiceTest, ABatchAnswersInOrder) {
  Register("omar", "omar@example.org");
  ASSERT_THAT(GrantTier("omar", "gold"), IsOk());
  v1::BatchCheckAccessRequest request;
  *request.add_requests() = Question("nina", v1::AccessRequirement::PLANS, {"gold"});
  *request.add_requests() = Question("omar", v1::AccessRequirement::PLANS, {"gold"});
  *request.add_requests() = Question("omar", v1::AccessRequirement::PLANS, {"silver"});
  *request.add_requests() = Question("nobody", v1::AccessRequirement::REGISTERED);

  const auto response = CallAs("articles", &Entitlements::BatchCheckAccess, request);

  ASSERT_THAT(response, IsOk());
  std::vector<bool> granted;
  for (const v1::AccessDecision& decision : response->decisions()) granted.push_back(decision.granted());
  EXPECT_THAT(granted, ElementsAre(false, true, false, false));
}

TEST_F(EntitlementsServiceTest, ABatchIsBounded) {
  EXPECT_THAT(CallAs("articles", &Entitlements::BatchCheckAccess, v1::BatchCheckAccessRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  v1::BatchCheckAccessRequest request;
  for (int i = 0; i < 200; ++i) *request.add_requests() = Question("nina", v1::AccessRequirement::REGISTERED);
  EXPECT_THAT(CallAs("articles", &Entitlements::BatchCheckAccess, request), IsOk());
  *request.add_requests() = Question("nina", v1::AccessRequirement::REGISTERED);
  EXPECT_THAT(CallAs("articles", &Entitlements::BatchCheckAccess, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(EntitlementsServiceTest, AMemberAsksForTheOwnAccessOnly) {
  const std::string nina = server_.MemberToken("members/nina");
  EXPECT_THAT(Call(nina, &Entitlements::CheckAccess, Question("nina", v1::AccessRequirement::REGISTERED)), IsOk());
  EXPECT_THAT(Call(nina, &Entitlements::CheckAccess, Question("omar", v1::AccessRequirement::REGISTERED)),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
  v1::BatchCheckAccessRequest batch;
  *batch.add_requests() = Question("nina", v1::AccessRequirement::REGISTERED);
  *batch.add_requests() = Question("omar", v1::AccessRequirement::REGISTERED);
  EXPECT_THAT(Call(nina, &Entitlements::BatchCheckAccess, batch),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

}  // namespace
}  // namespace masthead::memberships

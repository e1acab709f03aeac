// Two replicas on one database: `memberships_`, and one that keeps meter policies for a moment. The clock stands still
// until it is moved.
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;

constexpr absl::Duration kFreshness = absl::Seconds(1);

class KeptMeterPoliciesTest : public NewsroomTest {
 protected:
  static v1::CreateMeterPolicyRequest OneView() {
    return Text<v1::CreateMeterPolicyRequest>(R"pb(
      meter_policy_id: "monthly"
      meter_policy {
        display_name: "One"
        window: MONTH
        time_zone: "UTC"
        levels: MEMBERS
        anonymous_max_views { value: 1 }
      })pb");
  }

  static v1::DeleteMeterPolicyRequest None() {
    return Text<v1::DeleteMeterPolicyRequest>(R"pb(name: "meterPolicies/monthly" etag: "*")pb");
  }

  // A new reader each time, so that only the policy decides.
  bool IsOpened() {
    v1::CheckAccessRequest request;
    request.set_article("articles/first");
    request.mutable_requirement()->set_level(v1::AccessRequirement::MEMBERS);
    request.set_anonymous_reader(
        Call(Backend(), &Entitlements::IssueAnonymousReader, v1::IssueAnonymousReaderRequest())->anonymous_reader());
    const auto decision = CallOn(keeping_server_.ChannelAs("articles"), "", &Entitlements::CheckAccess, request);
    EXPECT_THAT(decision, IsOk());
    return decision.ok() && decision->granted();
  }

  template <typename Method, typename Request>
  auto CallKeeping(Method method, const Request& request) {
    return CallOn(keeping_server_.Channel(), keeping_server_.BackendToken({"members.read", "members.write"}), method,
                  request);
  }

  Memberships keeping_{needs_, {.sign_in = kSignIn, .standing_freshness = kFreshness}};
  testing::TestServer keeping_server_{keeping_.services()};
};

TEST_F(KeptMeterPoliciesTest, WhatIsChangedHereCountsAtOnce) {
  ASSERT_FALSE(IsOpened());

  ASSERT_THAT(CallKeeping(&Plans::CreateMeterPolicy, OneView()), IsOk());
  EXPECT_TRUE(IsOpened());
  ASSERT_THAT(CallKeeping(&Plans::DeleteMeterPolicy, None()), IsOk());
  EXPECT_FALSE(IsOpened());
}

TEST_F(KeptMeterPoliciesTest, WhatIsChangedElsewhereCountsOnceWhatIsKeptIsOld) {
  ASSERT_FALSE(IsOpened());
  ASSERT_THAT(Call(Backend(), &Plans::CreateMeterPolicy, OneView()), IsOk());

  clock_.Advance(kFreshness - absl::Milliseconds(1));
  EXPECT_FALSE(IsOpened()) << "still kept";
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_TRUE(IsOpened());
}

TEST_F(KeptMeterPoliciesTest, AClockThatIsPutBackMakesNothingYoungAgain) {
  ASSERT_FALSE(IsOpened());
  ASSERT_THAT(Call(Backend(), &Plans::CreateMeterPolicy, OneView()), IsOk());

  clock_.Advance(-absl::Seconds(10));

  EXPECT_TRUE(IsOpened());
}

}  // namespace
}  // namespace masthead::memberships

#include "services/memberships/members/member_counter_service.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/memberships/members/milestones.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::testing::ElementsAre;

class MemberCounterServiceTest : public NewsroomTest {
 protected:
  void Pretend(int64_t members) {
    database_.Execute(absl::StrCat("UPDATE member_counter_shards SET members = ", members / 16));
    database_.Execute(
        absl::StrCat("UPDATE member_counter_shards SET members = members + ", members % 16, " WHERE shard = 0"));
  }

  v1::MemberCounter Counter(const std::string& token = "") {
    const auto counter = Call(token, &Members::GetMemberCounter, v1::GetMemberCounterRequest());
    EXPECT_THAT(counter, IsOk());
    return counter.value_or(v1::MemberCounter());
  }

  std::vector<int64_t> Milestones() {
    std::vector<int64_t> told;
    for (const v1::Event& event : FeedOf("milestone.reached")) told.push_back(event.milestone_reached().members());
    return told;
  }
};

TEST_F(MemberCounterServiceTest, EverybodyReadsTheBannerAndOnlyStaffTheNumber) {
  Pretend(10432);
  EXPECT_EQ(Counter().display_text(), "10,000+");
  EXPECT_EQ(Counter().count(), 10000);
  EXPECT_EQ(Counter().exact_count(), 0);
  EXPECT_EQ(Counter(server_.MemberToken("members/nina")).exact_count(), 0);
  EXPECT_EQ(Counter(server_.StaffToken({"support"})).exact_count(), 10432);
  EXPECT_EQ(Counter(Backend()).exact_count(), 10432);
}

TEST_F(MemberCounterServiceTest, CountsRegistrationsWithinFiveSeconds) {
  Register("nina", "nina@example.org");
  EXPECT_EQ(Counter().display_text(), "1");
  Register("omar", "omar@example.org");
  EXPECT_EQ(Counter().display_text(), "1");
  clock_.Advance(absl::Seconds(5));
  EXPECT_EQ(Counter().display_text(), "2");
}

TEST_F(MemberCounterServiceTest, EachMilestoneIsToldOnceEvenIfMembersLeaveAndReturn) {
  const Scope scope = {.deadline = absl::Now() + absl::Seconds(20)};
  Pretend(1200);
  EXPECT_THAT(AnnounceMilestones(database_.database(), memberships_.feed(), scope), IsOk());
  EXPECT_THAT(Milestones(), ElementsAre(100, 1000));

  Pretend(999);
  EXPECT_THAT(AnnounceMilestones(database_.database(), memberships_.feed(), scope), IsOk());
  Pretend(10000);
  EXPECT_THAT(AnnounceMilestones(database_.database(), memberships_.feed(), scope), IsOk());
  EXPECT_THAT(Milestones(), ElementsAre(100, 1000, 10000));
}

}  // namespace
}  // namespace masthead::memberships

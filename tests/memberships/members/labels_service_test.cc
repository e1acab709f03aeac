#include "services/memberships/members/labels_service.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LabelsServiceTest : public NewsroomTest {
 protected:
  absl::StatusOr<v1::BatchModifyLabelsResponse> Modify(const std::string& text) {
    return Call(Backend(), &Members::BatchModifyLabels, Text<v1::BatchModifyLabelsRequest>(text));
  }

  int With(const std::string& filter) {
    v1::ListMembersRequest request;
    request.set_page_size(1000);
    request.set_filter(filter);
    const auto members = Call(Backend(), &Members::ListMembers, request);
    EXPECT_THAT(members, IsOk());
    return members.ok() ? members->members_size() : -1;
  }
};

TEST_F(LabelsServiceTest, PutsLabelsOnWhomTheFilterNamesAndTellsIt) {
  for (int i = 0; i < 4; ++i) Register(absl::StrCat("m", i), absl::StrCat("m", i, "@example.org"));
  ASSERT_THAT(Modify(R"pb(filter: "*"
                          set_labels { key: "wave" value: "one" })pb"),
              IsOk());
  EXPECT_EQ(With("labels.wave = \"one\""), 4);
  EXPECT_THAT(FeedOf("member.updated"), SizeIs(4));

  const auto again = Modify(R"pb(filter: "*"
                                 set_labels { key: "wave" value: "one" })pb");
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->changed_count(), 0);
  EXPECT_THAT(FeedOf("member.updated"), SizeIs(4)) << "nobody changed";
}

TEST_F(LabelsServiceTest, WithoutAFilterNothingIsDone) {
  Register("nina", "nina@example.org");
  EXPECT_THAT(Modify(R"pb(set_labels { key: "wave" value: "one" })pb"),
              StatusIs(absl::StatusCode::kInvalidArgument, "FILTER_REQUIRED"));
  EXPECT_EQ(With("labels.wave:*"), 0);
}

TEST_F(LabelsServiceTest, EachIsLookedAtOnceThoughTheLabelsChangeWhatTheFilterFinds) {
  for (int i = 0; i < 7; ++i) Register(absl::StrCat("m", i), absl::StrCat("m", i, "@example.org"));
  v1::BatchModifyLabelsRequest request =
      Text<v1::BatchModifyLabelsRequest>(R"pb(filter: "NOT labels.wave:*"
                                              page_size: 3
                                              set_labels { key: "wave" value: "one" })pb");
  int changed = 0;
  int calls = 0;
  do {
    const auto response = Call(Backend(), &Members::BatchModifyLabels, request);
    ASSERT_THAT(response, IsOk());
    changed += response->changed_count();
    request.set_page_token(response->next_page_token());
    ASSERT_LT(++calls, 5);
  } while (!request.page_token().empty());
  EXPECT_EQ(changed, 7);
  EXPECT_EQ(With("labels.wave:*"), 7);
}

TEST_F(LabelsServiceTest, TakesLabelsOffAndLeavesWhoWouldHaveTooMany) {
  v1::CreateMemberRequest request;
  request.set_member_id("nina");
  request.mutable_member()->set_email("nina@example.org");
  for (int i = 0; i < 50; ++i) (*request.mutable_member()->mutable_labels())[absl::StrCat("l", i)] = "";
  ASSERT_THAT(Call(Backend(), &Members::CreateMember, request), IsOk());

  const auto more = Modify(R"pb(filter: "*"
                                set_labels { key: "more" value: "" })pb");
  ASSERT_THAT(more, IsOk());
  EXPECT_EQ(more->refused_count(), 1);
  const auto swap = Modify(R"pb(filter: "*"
                                set_labels { key: "more" value: "" }
                                removed_labels: "l0")pb");
  ASSERT_THAT(swap, IsOk());
  EXPECT_EQ(swap->changed_count(), 1);
  EXPECT_EQ(With("labels.l0:*"), 0);
}

}  // namespace
}  // namespace masthead::memberships

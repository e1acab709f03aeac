#include "gmock/gmock.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class EventsServiceTest : public NewsroomTest {};

TEST_F(EventsServiceTest, TheLifeOfAMemberIsToldInOrderWithRisingRevisions) {
  v1::Member nina = Register("nina", "nina@example.org");
  MakeTier("gold");
  ASSERT_THAT(Call(Backend(), &Members::SetConsent, Text<v1::SetConsentRequest>(R"pb(
                     name: "members/nina/consents/breaking"
                     granted: true
                     source: "signup-form"
                   )pb")),
              IsOk());
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  v1::DeleteMemberRequest goodbye;
  goodbye.set_name("members/nina");
  goodbye.set_etag("*");
  ASSERT_THAT(Call(Backend(), &Members::DeleteMember, goodbye), IsOk());

  std::vector<std::string> types;
  std::vector<int64_t> revisions;
  for (const v1::Event& event : Feed()) {
    EXPECT_EQ(event.resource(), "members/nina");
    EXPECT_NE(event.cursor(), "");
    EXPECT_TRUE(event.has_event_time());
    types.push_back(event.type());
    revisions.push_back(event.revision());
  }
  EXPECT_THAT(types, ElementsAre("member.created", "consent.changed", "entitlements.changed", "member.deleted"));
  EXPECT_THAT(revisions, ElementsAre(1, 2, 3, 4));
}

TEST_F(EventsServiceTest, AWatcherGetsWhatHappensWhileItWatches) {
  Events stub(server_.ChannelAs("notifications"));
  grpc::ClientContext context;
  rpc::Prepare(context, absl::Now() + absl::Seconds(20));
  const auto reader = stub.WatchEvents(&context, v1::WatchEventsRequest());
  v1::WatchEventsResponse batch;
  ASSERT_TRUE(reader->Read(&batch));
  EXPECT_THAT(batch.events(), SizeIs(0));

  Register("nina", "nina@example.org");

  while (batch.events().empty()) ASSERT_TRUE(reader->Read(&batch));
  EXPECT_EQ(batch.events(0).member_created().member(), "members/nina");
  context.TryCancel();
}

TEST_F(EventsServiceTest, AForeignCursorIsRefused) {
  v1::ListEventsRequest request;
  request.set_after_cursor("not-ours");
  EXPECT_THAT(CallAs("notifications", &Events::ListEvents, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "CURSOR_INVALID"));
}

}  // namespace
}  // namespace masthead::memberships

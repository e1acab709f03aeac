#include "services/memberships/members/audience_service.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "services/memberships/exchange/import_store.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AudienceServiceTest : public NewsroomTest {
 protected:
  struct Export {
    absl::Status status;
    std::vector<v1::AudienceMember> members;
    int largest_batch = 0;
    std::string cursor;
  };

  Export ExportAs(const std::string& service, int max_batch_size = 0) {
    Members stub(server_.ChannelAs(service));
    grpc::ClientContext context;
    rpc::Prepare(context, absl::Now() + absl::Seconds(60));
    v1::ExportAudienceRequest request;
    request.set_max_batch_size(max_batch_size);
    const auto reader = stub.ExportAudience(&context, request);
    Export all;
    v1::ExportAudienceResponse batch;
    while (reader->Read(&batch)) {
      EXPECT_EQ(all.cursor, "") << "nothing comes after the cursor";
      all.largest_batch = std::max(all.largest_batch, batch.members_size());
      all.members.insert(all.members.end(), batch.members().begin(), batch.members().end());
      all.cursor = batch.cursor();
    }
    all.status = rpc::FromGrpcStatus(reader->Finish());
    return all;
  }
};

TEST_F(AudienceServiceTest, AnEntryHasAllThatItTakesToTellSomebodyNews) {
  ASSERT_THAT(Call(Backend(), &Members::CreateMember, Text<v1::CreateMemberRequest>(R"pb(
                     member_id: "nina"
                     member { email: "Nina@example.org" display_name: "Nina" locale: "uk" time_zone: "Europe/Kyiv" }
                   )pb")),
              IsOk());
  MakeTier("gold");
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_THAT(Call(Backend(), &Members::SetConsent, Text<v1::SetConsentRequest>(R"pb(
                     name: "members/nina/consents/breaking"
                     granted: true
                     source: "signup-form"
                   )pb")),
              IsOk());

  const Export all = ExportAs("notifications");

  ASSERT_THAT(all.status, IsOk());
  ASSERT_THAT(all.members, SizeIs(1));
  const v1::AudienceMember& nina = all.members[0];
  EXPECT_EQ(nina.member(), "members/nina");
  EXPECT_EQ(nina.email(), "Nina@example.org");
  EXPECT_EQ(nina.display_name(), "Nina");
  EXPECT_EQ(nina.locale(), "uk");
  EXPECT_EQ(nina.time_zone(), "Europe/Kyiv");
  EXPECT_THAT(nina.tiers(), ElementsAre("tiers/gold"));
  ASSERT_THAT(nina.consents(), SizeIs(1));
  EXPECT_EQ(nina.consents(0).topic(), "topics/breaking");
  EXPECT_TRUE(nina.consents(0).granted());
}

TEST_F(AudienceServiceTest, ExportsTenThousandInBoundedBatchesEachMemberOnce) {
  MakeTier("gold");
  std::vector<Member> many;
  for (int i = 1; i <= 10000; ++i) {
    Member& member = many.emplace_back();
    member.id = absl::StrCat("m", i);
    member.email = member.email_normal = absl::StrCat("m", i, "@example.org");
    member.create_time = member.update_time = absl::Now();
    address_keys_->Seal(member);
  }
  ASSERT_THAT(database_.database().Write(Scope{},
                                         [&](db::Transaction& tx) {
                                           InsertMembers(tx, many, std::vector<int64_t>(many.size(), 0));
                                           return absl::OkStatus();
                                         }),
              IsOk());
  database_.Execute(R"sql(
    UPDATE members SET state = 'DELETED', delete_time = db_now() WHERE substr(id, 2)::int % 100 = 0;
    INSERT INTO consents
    SELECT 'm' || i, topic, i % 2 = 0, 'test', '', 1, db_now()
    FROM generate_series(1, 10000) AS i, unnest(ARRAY['breaking', 'sport']) AS topic;
    INSERT INTO grants (member_id, id, tier_id, start_time, reason, revision, create_time)
    SELECT 'm' || i, 'g', 'gold', db_now(), '', 1, db_now() FROM generate_series(1, 10000, 3) AS i;
  )sql");

  const Export all = ExportAs("notifications", 700);

  ASSERT_THAT(all.status, IsOk());
  EXPECT_THAT(all.members, SizeIs(9900));
  EXPECT_EQ(all.largest_batch, 700);
  EXPECT_NE(all.cursor, "");
  std::set<std::string> names;
  int with_gold = 0;
  for (const v1::AudienceMember& member : all.members) {
    names.insert(member.member());
    EXPECT_EQ(member.consents_size(), 2);
    with_gold += member.tiers_size();
  }
  EXPECT_THAT(names, SizeIs(9900));
  EXPECT_EQ(with_gold, 3300);
}

TEST_F(AudienceServiceTest, TheFeedGoesOnWhereTheExportEnds) {
  Register("nina", "nina@example.org");
  const Export all = ExportAs("notifications");
  ASSERT_THAT(all.status, IsOk());
  Register("omar", "omar@example.org");

  v1::ListEventsRequest request;
  request.set_after_cursor(all.cursor);
  const auto events = CallAs("notifications", &Events::ListEvents, request);

  ASSERT_THAT(events, IsOk());
  ASSERT_THAT(events->events(), SizeIs(1));
  EXPECT_EQ(events->events(0).resource(), "members/omar");
}

TEST_F(AudienceServiceTest, NoOtherServiceGetsAddresses) {
  Register("nina", "nina@example.org");
  EXPECT_THAT(ExportAs("articles").status, StatusIs(absl::StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
  v1::BatchGetAudienceMembersRequest request;
  request.add_names("members/nina");
  EXPECT_THAT(CallAs("articles", &Members::BatchGetAudienceMembers, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
  EXPECT_THAT(Call(Backend(), &Members::BatchGetAudienceMembers, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "CALLER_NOT_ADMITTED"));
}

TEST_F(AudienceServiceTest, ABatchLeavesOutWhoIsGoneOrNeverWas) {
  Register("nina", "nina@example.org");
  Register("omar", "omar@example.org");
  v1::DeleteMemberRequest goodbye;
  goodbye.set_name("members/omar");
  goodbye.set_etag("*");
  ASSERT_THAT(Call(Backend(), &Members::DeleteMember, goodbye), IsOk());

  v1::BatchGetAudienceMembersRequest request;
  for (const char* name : {"members/nobody", "members/nina", "members/omar"}) request.add_names(name);
  const auto audience = CallAs("notifications", &Members::BatchGetAudienceMembers, request);

  ASSERT_THAT(audience, IsOk());
  ASSERT_THAT(audience->members(), SizeIs(1));
  EXPECT_EQ(audience->members(0).member(), "members/nina");
}

TEST_F(AudienceServiceTest, ABatchIsBounded) {
  EXPECT_THAT(CallAs("notifications", &Members::BatchGetAudienceMembers, v1::BatchGetAudienceMembersRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  v1::BatchGetAudienceMembersRequest request;
  for (int i = 0; i < 1000; ++i) request.add_names("members/nobody");
  const auto audience = CallAs("notifications", &Members::BatchGetAudienceMembers, request);
  ASSERT_THAT(audience, IsOk());
  EXPECT_THAT(audience->members(), IsEmpty());
  request.add_names("members/nobody");
  EXPECT_THAT(CallAs("notifications", &Members::BatchGetAudienceMembers, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace masthead::memberships

#include "gmock/gmock.h"
#include "masthead/memberships/v1/institutions_service.grpc.pb.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

using Institutions = v1::InstitutionsService::Stub;

class InstitutionsServiceTest : public NewsroomTest {
 protected:
  void SetUp() override {
    MakeTier("gold");
    Register("nina", "nina@uni.example");
  }

  absl::StatusOr<v1::Institution> Make(const std::string& id, const std::string& more) {
    return Call(
        Backend(), &Institutions::CreateInstitution,
        Text<v1::CreateInstitutionRequest>(
            "institution_id: '" + id + "' institution { display_name: 'University' tier: 'tiers/gold' " + more + " }"));
  }

  void Verify(const std::string& member) {
    database_.Execute("UPDATE members SET email_verify_time = now() WHERE id = '" + member + "'");
  }

  v1::AccessDecision Ask(const std::string& member, const std::string& address,
                         const std::string& requirement = "level: PLANS tiers: 'tiers/gold'") {
    v1::CheckAccessRequest request = Text<v1::CheckAccessRequest>("requirement { " + requirement + " }");
    if (member.empty()) {
      request.set_anonymous_reader(
          Call(Backend(), &Entitlements::IssueAnonymousReader, v1::IssueAnonymousReaderRequest())->anonymous_reader());
    } else {
      request.set_member("members/" + member);
    }
    request.set_reader_address(address);
    const auto decision = Call(Backend(), &Entitlements::CheckAccess, request);
    EXPECT_THAT(decision, IsOk());
    return decision.ok() ? *decision : v1::AccessDecision();
  }

  bool Reads(const std::string& member, const std::string& address = "") { return Ask(member, address).granted(); }
};

TEST_F(InstitutionsServiceTest, IsEnteredReadChangedAndDeleted) {
  const auto made = Make("uni", "domains: 'Uni.Example' networks: '192.0.2.7/24' networks: '2001:db8::/32'");
  ASSERT_THAT(made, IsOk());
  EXPECT_THAT(made->domains(), ElementsAre("uni.example"));
  EXPECT_THAT(made->networks(), ElementsAre("192.0.2.0/24", "2001:db8::/32"));
  EXPECT_THAT(Make("uni", ""), StatusIs(absl::StatusCode::kAlreadyExists, "INSTITUTION_EXISTS"));
  EXPECT_THAT(Make("other", "networks: '0.0.0.0/0' domains: 'x'"),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));

  v1::GetInstitutionRequest get;
  get.set_name("institutions/uni");
  EXPECT_EQ(Call(Backend(), &Institutions::GetInstitution, get)->SerializeAsString(), made->SerializeAsString());

  v1::UpdateInstitutionRequest update;
  *update.mutable_institution() = *made;
  update.mutable_institution()->clear_networks();
  update.mutable_institution()->add_networks("198.51.100.0/24");
  update.mutable_update_mask()->add_paths("networks");
  const auto updated = Call(Backend(), &Institutions::UpdateInstitution, update);
  ASSERT_THAT(updated, IsOk());
  EXPECT_THAT(updated->networks(), ElementsAre("198.51.100.0/24"));
  EXPECT_THAT(updated->domains(), ElementsAre("uni.example"));
  EXPECT_THAT(Call(Backend(), &Institutions::UpdateInstitution, update),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

  EXPECT_EQ(Call(Backend(), &Institutions::ListInstitutions, v1::ListInstitutionsRequest())->institutions_size(), 1);
  v1::DeleteInstitutionRequest remove;
  remove.set_name("institutions/uni");
  remove.set_etag(updated->etag());
  EXPECT_THAT(Call(Backend(), &Institutions::DeleteInstitution, remove), IsOk());
  EXPECT_THAT(Call(Backend(), &Institutions::GetInstitution, get),
              StatusIs(absl::StatusCode::kNotFound, "INSTITUTION_NOT_FOUND"));
}

TEST_F(InstitutionsServiceTest, AVerifiedAddressOfItsDomainOpens) {
  ASSERT_THAT(Make("uni", "domains: 'uni.example'"), IsOk());
  Register("olha", "olha@mail.uni.example");
  EXPECT_FALSE(Reads("nina"));
  Verify("nina");
  Verify("olha");
  EXPECT_TRUE(Reads("nina"));
  EXPECT_THAT(Ask("nina", "").held_tiers(), ElementsAre("tiers/gold"));
  EXPECT_FALSE(Reads("olha"));
}

TEST_F(InstitutionsServiceTest, ItsNetworkOpensToWhoeverReadsFromIt) {
  ASSERT_THAT(Make("uni", "networks: '192.0.2.0/24' networks: '2001:db8::/32'"), IsOk());
  for (const char* member : {"", "nina", "nobody"}) {
    EXPECT_TRUE(Reads(member, "192.0.2.200")) << member;
    EXPECT_TRUE(Reads(member, "::ffff:192.0.2.200")) << member;
    EXPECT_TRUE(Reads(member, "2001:db8:1::1")) << member;
    EXPECT_FALSE(Reads(member, "192.0.3.1")) << member;
    EXPECT_FALSE(Reads(member)) << member;
  }
  EXPECT_TRUE(Ask("", "192.0.2.200", "level: MEMBERS").granted());
  EXPECT_TRUE(Ask("", "192.0.2.200", "level: REGISTERED").granted());
  EXPECT_FALSE(Ask("", "192.0.2.200", "level: PLANS tiers: 'tiers/silver'").granted());
  EXPECT_FALSE(Ask("", "192.0.2.200").registered());
}

TEST_F(InstitutionsServiceTest, AMemberDoesNotSayWhereTheMemberReads) {
  ASSERT_THAT(Make("uni", "networks: '192.0.2.0/24'"), IsOk());
  v1::CheckAccessRequest request =
      Text<v1::CheckAccessRequest>("member: 'members/nina' requirement { level: MEMBERS } reader_address: '192.0.2.1'");
  EXPECT_THAT(Call(server_.MemberToken("members/nina"), &Entitlements::CheckAccess, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  EXPECT_THAT(Call(Backend(), &Entitlements::CheckAccess, request), IsOk());
  request.set_reader_address("nowhere");
  EXPECT_THAT(Call(Backend(), &Entitlements::CheckAccess, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(InstitutionsServiceTest, ItsAccessEndsByTheClock) {
  Verify("nina");
  const int64_t end = absl::ToUnixSeconds(DatabaseNow() + absl::Hours(1));
  ASSERT_THAT(
      Make("uni", "domains: 'uni.example' networks: '192.0.2.0/24' end_time { seconds: " + std::to_string(end) + " }"),
      IsOk());
  EXPECT_TRUE(Reads("nina"));
  EXPECT_EQ(Ask("nina", "").end_time().seconds(), end);
  MoveTime(absl::Hours(1));
  EXPECT_FALSE(Reads("nina"));
  EXPECT_FALSE(Reads("", "192.0.2.1"));
}

TEST_F(InstitutionsServiceTest, TakesNothingFromWhatAMemberPaidFor) {
  Verify("nina");
  ASSERT_THAT(Make("uni", "domains: 'uni.example'"), IsOk());
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_THAT(Call(Backend(), &Institutions::DeleteInstitution,
                   Text<v1::DeleteInstitutionRequest>("name: 'institutions/uni' etag: '*'")),
              IsOk());
  EXPECT_TRUE(Reads("nina"));
}

}  // namespace
}  // namespace masthead::memberships

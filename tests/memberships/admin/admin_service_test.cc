#include "common/ids/uuid.h"
#include "gmock/gmock.h"
#include "services/memberships/admin/api_key.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::SizeIs;

class AdminServiceTest : public NewsroomTest {
 protected:
  v1::CreateApiKeyRequest KeyRequest(const std::string& request_id = "") {
    v1::CreateApiKeyRequest request;
    request.mutable_api_key()->set_display_name("CMS");
    request.mutable_api_key()->add_scopes("articles.write");
    request.set_request_id(request_id);
    return request;
  }

  absl::StatusOr<v1::StaffMember> Hire(const std::string& id, const std::string& email,
                                       const std::vector<std::string>& roles = {"editor"}) {
    v1::CreateStaffMemberRequest request;
    request.set_staff_member_id(id);
    request.mutable_staff_member()->set_email(email);
    request.mutable_staff_member()->set_display_name(id);
    for (const std::string& role : roles) request.mutable_staff_member()->add_roles(role);
    return Call(admin_, &Admin::CreateStaffMember, request);
  }

  const std::string admin_ = server_.StaffToken({"admin"});
};

TEST_F(AdminServiceTest, AKeysSecretIsToldOnceAndKeptNowhere) {
  const auto key = Call(admin_, &Admin::CreateApiKey, KeyRequest());
  ASSERT_THAT(key, IsOk());
  const std::optional<PresentedKey> parts = ParseApiKey(key->secret());
  ASSERT_TRUE(parts.has_value());
  EXPECT_EQ(key->api_key().name(), "apiKeys/" + parts->id);
  EXPECT_EQ(key->api_key().state(), v1::ApiKey::ACTIVE);

  const auto listed = Call(admin_, &Admin::ListApiKeys, v1::ListApiKeysRequest());
  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(listed->api_keys(), SizeIs(1));
  EXPECT_EQ(listed->api_keys(0).SerializeAsString(), key->api_key().SerializeAsString());
  EXPECT_EQ(database_.QueryValue("SELECT (SELECT string_agg(k::text, '') FROM api_keys k) || "
                                 "(SELECT string_agg(encode(response, 'escape'), '') FROM idempotency) LIKE '%" +
                                 parts->secret + "%'"),
            "f");
}

TEST_F(AdminServiceTest, ARepetitionMakesNoSecondKeyAndTellsNoSecret) {
  const std::string request_id = ids::NewUuid();
  const auto first = Call(admin_, &Admin::CreateApiKey, KeyRequest(request_id));
  const auto second = Call(admin_, &Admin::CreateApiKey, KeyRequest(request_id));

  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(second, IsOk());
  EXPECT_NE(first->secret(), "");
  EXPECT_EQ(second->secret(), "");
  EXPECT_EQ(first->api_key().name(), second->api_key().name());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM api_keys"), "1");
}

TEST_F(AdminServiceTest, AKeyIsRevokedOnce) {
  const auto key = Call(admin_, &Admin::CreateApiKey, KeyRequest());
  v1::RevokeApiKeyRequest request;
  request.set_name(key->api_key().name());
  request.set_etag(key->api_key().etag());

  EXPECT_EQ(Call(admin_, &Admin::RevokeApiKey, request)->state(), v1::ApiKey::REVOKED);
  EXPECT_THAT(Call(admin_, &Admin::RevokeApiKey, request), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  request.set_etag("*");
  EXPECT_THAT(Call(admin_, &Admin::RevokeApiKey, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "API_KEY_REVOKED"));
  request.set_name("apiKeys/unknown");
  EXPECT_THAT(Call(admin_, &Admin::RevokeApiKey, request), StatusIs(absl::StatusCode::kNotFound, "API_KEY_NOT_FOUND"));
}

TEST_F(AdminServiceTest, AKeyNeedsAPurposeScopesAndAFuture) {
  v1::CreateApiKeyRequest request = KeyRequest();
  request.mutable_api_key()->add_scopes("root");
  EXPECT_THAT(Call(admin_, &Admin::CreateApiKey, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request = KeyRequest();
  request.mutable_api_key()->clear_scopes();
  EXPECT_THAT(Call(admin_, &Admin::CreateApiKey, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  request = KeyRequest();
  request.mutable_api_key()->mutable_expire_time()->set_seconds(absl::ToUnixSeconds(DatabaseNow() - absl::Hours(1)));
  EXPECT_THAT(Call(admin_, &Admin::CreateApiKey, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

TEST_F(AdminServiceTest, StaffAreEnteredOnceByAddressAndId) {
  const auto olha = Hire("olha", "Olha@example.org", {"support", "editor", "support"});
  ASSERT_THAT(olha, IsOk());
  EXPECT_THAT(olha->roles(), ElementsAre("editor", "support"));
  v1::GetStaffMemberRequest get;
  get.set_name("staffMembers/olha");
  EXPECT_EQ(Call(admin_, &Admin::GetStaffMember, get)->SerializeAsString(), olha->SerializeAsString());

  EXPECT_THAT(Hire("olha-two", "olha@EXAMPLE.org"), StatusIs(absl::StatusCode::kAlreadyExists, "STAFF_MEMBER_EXISTS"));
  EXPECT_THAT(Hire("olha", "other@example.org"), StatusIs(absl::StatusCode::kAlreadyExists, "STAFF_MEMBER_EXISTS"));
  EXPECT_THAT(Hire("petro", "petro@example.org", {"publisher"}),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
  get.set_name("staffMembers/petro");
  EXPECT_THAT(Call(admin_, &Admin::GetStaffMember, get),
              StatusIs(absl::StatusCode::kNotFound, "STAFF_MEMBER_NOT_FOUND"));
}

TEST_F(AdminServiceTest, AStaffEntryChangesWithItsEtag) {
  const auto olha = Hire("olha", "olha@example.org");
  ASSERT_THAT(Hire("petro", "petro@example.org"), IsOk());
  v1::UpdateStaffMemberRequest request;
  *request.mutable_staff_member() = *olha;
  request.mutable_staff_member()->set_email("petro@example.org");
  request.mutable_update_mask()->add_paths("email");
  EXPECT_THAT(Call(admin_, &Admin::UpdateStaffMember, request),
              StatusIs(absl::StatusCode::kAlreadyExists, "STAFF_MEMBER_EXISTS"));

  request.mutable_staff_member()->set_email("olha.k@example.org");
  EXPECT_EQ(Call(admin_, &Admin::UpdateStaffMember, request)->email(), "olha.k@example.org");
  EXPECT_THAT(Call(admin_, &Admin::UpdateStaffMember, request), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
}

TEST_F(AdminServiceTest, StaffAreListedPageByPage) {
  for (const char* id : {"petro", "olha", "anna"}) ASSERT_THAT(Hire(id, std::string(id) + "@example.org"), IsOk());
  std::vector<std::string> names;
  v1::ListStaffMembersRequest request;
  request.set_page_size(2);
  do {
    const auto page = Call(admin_, &Admin::ListStaffMembers, request);
    ASSERT_THAT(page, IsOk());
    for (const v1::StaffMember& person : page->staff_members()) names.push_back(person.name());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names, ElementsAre("staffMembers/anna", "staffMembers/olha", "staffMembers/petro"));
}

}  // namespace
}  // namespace masthead::memberships

#include "services/memberships/admin/api_key.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/memberships/admin/staff_member.h"

namespace masthead::memberships {
namespace {

using ::testing::ElementsAre;

const absl::Time kNoon = absl::FromUnixSeconds(1'800'000'000);

TEST(ApiKey, IsReadBackAsItWasWritten) {
  const std::string id = "0191e7f0-0000-7000-8000-000000000001";
  const std::optional<PresentedKey> key = ParseApiKey(FormatApiKey(id, "se_cr-et_"));
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->id, id);
  EXPECT_EQ(key->secret, "se_cr-et_");
}

TEST(ApiKey, OtherFormsAreNoKeys) {
  for (const char* text : {"", "mhk_", "mhk_id", "mhk_id_", "mhk__secret", "MHK_id_secret", "Bearer mhk_id_secret"}) {
    EXPECT_FALSE(ParseApiKey(text).has_value()) << text;
  }
}

TEST(ApiKey, IsGoodUntilItExpiresOrIsRevoked) {
  ApiKey key = {.id = "k", .create_time = kNoon, .expire_time = kNoon + absl::Hours(1)};
  EXPECT_EQ(StateAt(key, kNoon + absl::Minutes(59)), ApiKey::State::kActive);
  EXPECT_EQ(StateAt(key, kNoon + absl::Hours(1)), ApiKey::State::kExpired);
  key.revoke_time = kNoon;
  EXPECT_EQ(StateAt(key, kNoon), ApiKey::State::kRevoked);
}

TEST(ApiKey, HasScopesWeKnowOnceEach) {
  FieldViolations good;
  std::vector<std::string> scopes = {"tokens.issue", "members.read", "tokens.issue"};
  CheckScopes("scopes", scopes, good);
  EXPECT_TRUE(good.empty());
  EXPECT_THAT(scopes, ElementsAre("members.read", "tokens.issue"));

  FieldViolations none;
  std::vector<std::string> empty;
  CheckScopes("scopes", empty, none);
  EXPECT_FALSE(none.empty());

  FieldViolations unknown;
  std::vector<std::string> root = {"root"};
  CheckScopes("scopes", root, unknown);
  EXPECT_FALSE(unknown.empty());
}

TEST(StaffMember, HasRolesWeKnowOrNone) {
  FieldViolations good;
  std::vector<std::string> roles = {"support", "editor", "support"};
  CheckRoles("roles", roles, good);
  EXPECT_TRUE(good.empty());
  EXPECT_THAT(roles, ElementsAre("editor", "support"));

  FieldViolations unknown;
  std::vector<std::string> odd = {"publisher"};
  CheckRoles("roles", odd, unknown);
  EXPECT_FALSE(unknown.empty());
}

}  // namespace
}  // namespace masthead::memberships

// Tokens for offline checks, and API keys that are replaced without a gap.
#include "common/auth/authenticator.h"
#include "common/auth/token.h"
#include "services/memberships/tokens/access_tokens.h"
#include "tests/memberships/signin/sign_in_newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;

class KeyRotationTest : public SignInNewsroomTest {
 protected:
  absl::StatusOr<v1::AccessToken> Exchange(const std::string& api_key) {
    v1::ExchangeApiKeyRequest request;
    request.set_api_key(api_key);
    return Call("", &Tokens::ExchangeApiKey, request);
  }
};

TEST_F(KeyRotationTest, AnEntitlementTokenSaysTheTiersForFiveMinutesAndOpensNothing) {
  Register("nina", "nina@example.org");
  MakeTier("gold");
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  v1::MintEntitlementTokenRequest request;
  request.set_member("members/nina");
  const auto token = Call(server_.MemberToken("members/nina"), &Tokens::MintEntitlementToken, request);
  ASSERT_THAT(token, IsOk());

  const auto keys = auth::ParseKeySet(keys_->key_set_json());
  const std::string issuer = auth::AuthenticatorOptions().issuer;
  const auto claims = auth::VerifyToken(token->access_token(), **keys, issuer, kEntitlementAudience, clock_.Now());
  ASSERT_THAT(claims, IsOk());
  EXPECT_THAT(claims->caller.tiers, ElementsAre("tiers/gold"));
  EXPECT_LE(claims->caller.expire_time - clock_.Now(), absl::Minutes(5));
  EXPECT_FALSE(
      auth::VerifyToken(token->access_token(), **keys, issuer, auth::AuthenticatorOptions().audience, clock_.Now())
          .ok());
  EXPECT_THAT(Call(server_.MemberToken("members/olha"), &Tokens::MintEntitlementToken, request),
              StatusIs(absl::StatusCode::kPermissionDenied, "NOT_OWN_RESOURCE"));
}

TEST_F(KeyRotationTest, TheFormerKeyStaysGoodForTheOverlapAndNoLonger) {
  const std::string admin = server_.StaffToken({"admin"});
  const auto first = Call(admin, &Admin::CreateApiKey, Text<v1::CreateApiKeyRequest>(R"pb(
                            api_key { display_name: "CMS" scopes: "articles.write" }
                          )pb"));
  ASSERT_THAT(first, IsOk());
  v1::RotateApiKeyRequest request;
  request.set_name(first->api_key().name());
  request.set_etag(first->api_key().etag());
  request.mutable_overlap()->set_seconds(3600);
  const auto rotated = Call(admin, &Admin::RotateApiKey, request);
  ASSERT_THAT(rotated, IsOk());
  EXPECT_EQ(rotated->api_key().display_name(), "CMS");
  EXPECT_THAT(rotated->api_key().scopes(), ElementsAre("articles.write"));
  EXPECT_THAT(Exchange(first->secret()), IsOk());
  EXPECT_THAT(Exchange(rotated->secret()), IsOk());
  EXPECT_THAT(Call(admin, &Admin::RotateApiKey, request), StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

  MoveTime(absl::Minutes(61));
  EXPECT_THAT(Exchange(first->secret()), StatusIs(absl::StatusCode::kUnauthenticated, "API_KEY_INVALID"));
  EXPECT_THAT(Exchange(rotated->secret()), IsOk());
  request.set_etag("*");
  EXPECT_THAT(Call(admin, &Admin::RotateApiKey, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "API_KEY_REVOKED"));
}

}  // namespace
}  // namespace masthead::memberships

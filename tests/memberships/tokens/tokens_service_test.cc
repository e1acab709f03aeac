#include "services/memberships/tokens/tokens_service.h"

#include "absl/strings/str_cat.h"
#include "common/auth/authenticator.h"
#include "common/auth/token.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "services/memberships/admin/bootstrap.h"
#include "tests/memberships/newsroom.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TokensServiceTest : public NewsroomTest {
 protected:
  TokensServiceTest() { Register("nina", "nina@example.org"); }

  absl::StatusOr<v1::AccessToken> ForMember(const std::string& member) {
    v1::IssueMemberTokenRequest request;
    request.set_member(member);
    return Call(issuer_, &Tokens::IssueMemberToken, request);
  }

  absl::StatusOr<v1::AccessToken> ForStaff(const std::string& staff_member) {
    v1::IssueStaffTokenRequest request;
    request.set_staff_member(staff_member);
    return Call(issuer_, &Tokens::IssueStaffToken, request);
  }

  absl::StatusOr<v1::AccessToken> Exchange(const std::string& api_key) {
    v1::ExchangeApiKeyRequest request;
    request.set_api_key(api_key);
    return Call("", &Tokens::ExchangeApiKey, request);
  }

  v1::CreateApiKeyResponse MakeKey(const std::string& text) {
    const auto key = Call(server_.StaffToken({"admin"}), &Admin::CreateApiKey, Text<v1::CreateApiKeyRequest>(text));
    EXPECT_THAT(key, IsOk());
    return key.value_or(v1::CreateApiKeyResponse());
  }

  // As another service would: with nothing but the published document.
  absl::StatusOr<auth::TokenClaims> Verify(const std::string& token) {
    const auto document = Call("", &Tokens::GetJsonWebKeySet, v1::GetJsonWebKeySetRequest());
    if (!document.ok()) return document.status();
    const auto keys = auth::ParseKeySet(document->jwks_json());
    if (!keys.ok()) return keys.status();
    const auth::AuthenticatorOptions expected;
    return auth::VerifyToken(token, **keys, expected.issuer, expected.audience, clock_.Now());
  }

  absl::Duration LifetimeOf(const auth::TokenClaims& claims) { return claims.caller.expire_time - clock_.Now(); }

  const std::string issuer_ = server_.BackendToken({"tokens.issue"});
};

// The same key with a secret that is not its own.
std::string Wrong(std::string api_key) {
  api_key.back() = api_key.back() == 'A' ? 'B' : 'A';
  return api_key;
}

// How long the caller is told to wait; zero without a RetryInfo.
absl::Duration RetryDelay(const absl::Status& status) {
  google::rpc::RetryInfo info;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.RetryInfo");
  if (payload.has_value()) info.ParseFromString(std::string(*payload));
  return absl::Seconds(info.retry_delay().seconds()) + absl::Nanoseconds(info.retry_delay().nanos());
}

TEST_F(TokensServiceTest, AMembersTokenVerifiesWithThePublishedKeysAndNamesTheTiers) {
  MakeTier("gold");
  MakeTier("silver");
  ASSERT_THAT(GrantTier("nina", "gold"), IsOk());
  ASSERT_THAT(GrantTier("nina", "silver"), IsOk());

  const auto token = ForMember("members/nina");
  ASSERT_THAT(token, IsOk());
  const auto claims = Verify(token->access_token());

  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(claims->caller.kind, auth::Caller::Kind::kMember);
  EXPECT_EQ(claims->caller.subject, "members/nina");
  EXPECT_THAT(claims->caller.tiers, ElementsAre("tiers/gold", "tiers/silver"));
  EXPECT_LE(LifetimeOf(*claims), absl::Minutes(10));
  EXPECT_GE(LifetimeOf(*claims), absl::Minutes(10) - absl::Seconds(2));
  EXPECT_EQ(token->expire_time().seconds(), absl::ToUnixSeconds(claims->caller.expire_time));
}

TEST_F(TokensServiceTest, ATokenDoesNotOutliveATierItNames) {
  MakeTier("gold");
  ASSERT_THAT(GrantTier("nina", "gold", absl::Minutes(3)), IsOk());

  const auto claims = Verify(ForMember("members/nina")->access_token());

  ASSERT_THAT(claims, IsOk());
  EXPECT_THAT(claims->caller.tiers, ElementsAre("tiers/gold"));
  EXPECT_LE(LifetimeOf(*claims), absl::Minutes(3));
  MoveTime(absl::Minutes(4));
  const auto later = Verify(ForMember("members/nina")->access_token());
  ASSERT_THAT(later, IsOk());
  EXPECT_THAT(later->caller.tiers, IsEmpty());
}

TEST_F(TokensServiceTest, NobodyGetsATokenForWhoIsNotThere) {
  EXPECT_THAT(ForMember("members/nobody"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  v1::DeleteMemberRequest goodbye;
  goodbye.set_name("members/nina");
  goodbye.set_etag("*");
  ASSERT_THAT(Call(Backend(), &Members::DeleteMember, goodbye), IsOk());
  EXPECT_THAT(ForMember("members/nina"), StatusIs(absl::StatusCode::kNotFound, "MEMBER_NOT_FOUND"));
  EXPECT_THAT(ForStaff("staffMembers/nobody"), StatusIs(absl::StatusCode::kNotFound, "STAFF_MEMBER_NOT_FOUND"));
}

TEST_F(TokensServiceTest, TheFormerKeyStaysPublishedAndStrangersKeysDoNotVerify) {
  const auth::AuthenticatorOptions names;
  const auto sign = [&](const auth::SigningKey& key) {
    auth::Caller caller;
    caller.kind = auth::Caller::Kind::kStaff;
    caller.subject = "staffMembers/olha";
    caller.roles = {"editor"};
    caller.expire_time = clock_.Now() + absl::Minutes(5);
    return key.SignToken(
        {.issuer = names.issuer, .audience = names.audience, .id = "t", .issue_time = clock_.Now(), .caller = caller});
  };
  EXPECT_THAT(Verify(sign(**auth::SigningKey::FromPem(former_pem_))), IsOk());
  EXPECT_THAT(Verify(sign(*auth::SigningKey::Generate())),
              StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_INVALID"));
}

TEST_F(TokensServiceTest, StaffGetTheRolesOnRecordAndWithoutARoleNothing) {
  const std::string admin = server_.StaffToken({"admin"});
  ASSERT_THAT(Call(admin, &Admin::CreateStaffMember, Text<v1::CreateStaffMemberRequest>(R"pb(
                     staff_member_id: "olha"
                     staff_member { email: "olha@example.org" display_name: "Olha" roles: "support" roles: "editor" }
                   )pb")),
              IsOk());

  const auto claims = Verify(ForStaff("staffMembers/olha")->access_token());
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(claims->caller.kind, auth::Caller::Kind::kStaff);
  EXPECT_EQ(claims->caller.subject, "staffMembers/olha");
  EXPECT_THAT(claims->caller.roles, ElementsAre("editor", "support"));

  ASSERT_THAT(Call(admin, &Admin::UpdateStaffMember, Text<v1::UpdateStaffMemberRequest>(R"pb(
                     staff_member { name: "staffMembers/olha" etag: "*" }
                     update_mask { paths: "roles" }
                   )pb")),
              IsOk());
  EXPECT_THAT(ForStaff("staffMembers/olha"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "STAFF_MEMBER_WITHOUT_ROLE"));
}

TEST_F(TokensServiceTest, AKeyIsExchangedForItsScopes) {
  const auto key = MakeKey(R"pb(api_key { display_name: "CMS" scopes: "members.read" scopes: "articles.write" })pb");

  const auto token = Exchange(key.secret());

  ASSERT_THAT(token, IsOk());
  const auto claims = Verify(token->access_token());
  ASSERT_THAT(claims, IsOk());
  EXPECT_EQ(claims->caller.kind, auth::Caller::Kind::kBackend);
  EXPECT_EQ(claims->caller.subject, key.api_key().name());
  EXPECT_THAT(claims->caller.scopes, ElementsAre("articles.write", "members.read"));
  EXPECT_LE(LifetimeOf(*claims), absl::Minutes(15));
}

TEST_F(TokensServiceTest, AKeyThatIsNoGoodGetsOneAnswerWhateverIsWrongWithIt) {
  const auto good = MakeKey(R"pb(api_key { display_name: "CMS" scopes: "members.read" })pb");
  const auto revoked = MakeKey(R"pb(api_key { display_name: "Old CMS" scopes: "members.read" })pb");
  v1::RevokeApiKeyRequest revoke;
  revoke.set_name(revoked.api_key().name());
  revoke.set_etag("*");
  ASSERT_THAT(Call(server_.StaffToken({"admin"}), &Admin::RevokeApiKey, revoke), IsOk());
  v1::CreateApiKeyRequest short_lived;
  short_lived.mutable_api_key()->set_display_name("Trial");
  short_lived.mutable_api_key()->add_scopes("members.read");
  short_lived.mutable_api_key()->mutable_expire_time()->set_seconds(
      absl::ToUnixSeconds(DatabaseNow() + absl::Minutes(5)));
  const auto expiring = Call(server_.StaffToken({"admin"}), &Admin::CreateApiKey, short_lived);
  ASSERT_THAT(expiring, IsOk());
  EXPECT_LE(LifetimeOf(*Verify(Exchange(expiring->secret())->access_token())), absl::Minutes(5));
  MoveTime(absl::Minutes(6));

  const absl::Status first = Exchange("").status();
  EXPECT_THAT(first, StatusIs(absl::StatusCode::kUnauthenticated, "API_KEY_INVALID"));
  for (const std::string& key :
       {std::string("mhk_0191e7f0-0000-7000-8000-000000000001_secret"), Wrong(good.secret()), revoked.secret(),
        expiring->secret(), good.secret() + "x", std::string(5000, 'k'), std::string("mhk_' OR 1=1 --_x")}) {
    const absl::Status status = Exchange(key).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnauthenticated, "API_KEY_INVALID"));
    EXPECT_EQ(status.ToString(), first.ToString());
  }
  EXPECT_THAT(Exchange(good.secret()), IsOk());
}

TEST_F(TokensServiceTest, WhoGuessesAKeyIsSlowedDownAndToldForHowLong) {
  const auto key = MakeKey(R"pb(api_key { display_name: "CMS" scopes: "members.read" })pb");
  const auto other = MakeKey(R"pb(api_key { display_name: "App" scopes: "members.read" })pb");
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(Exchange(Wrong(key.secret())), StatusIs(absl::StatusCode::kUnauthenticated, "API_KEY_INVALID"));
  }

  const absl::Status refused = Exchange(Wrong(key.secret())).status();

  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_GUESSES"));
  EXPECT_GT(RetryDelay(refused), absl::ZeroDuration());
  EXPECT_LE(RetryDelay(refused), absl::Seconds(6));
  // Else a right guess would tell itself by being admitted.
  EXPECT_THAT(Exchange(key.secret()), StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_GUESSES"));
  EXPECT_THAT(Exchange(other.secret()), IsOk());
  MoveTime(absl::Seconds(6));
  EXPECT_THAT(Exchange(key.secret()), IsOk());
}

TEST_F(TokensServiceTest, AKeyThatDoesNotExistIsSlowedDownLikeOneThatDoes) {
  const std::string unknown = "mhk_0191e7f0-0000-7000-8000-000000000001_secret";
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(Exchange(unknown), StatusIs(absl::StatusCode::kUnauthenticated, "API_KEY_INVALID"));
  }
  EXPECT_THAT(Exchange(unknown), StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_GUESSES"));
}

TEST_F(TokensServiceTest, ANetworkThatShowsManyWrongKeysIsSlowedDownWhateverItShows) {
  const auto key = MakeKey(R"pb(api_key { display_name: "CMS" scopes: "members.read" })pb");
  for (int i = 0; i < 60; ++i) {
    EXPECT_THAT(Exchange(absl::StrCat("guess ", i)), StatusIs(absl::StatusCode::kUnauthenticated, "API_KEY_INVALID"));
  }
  // What is owed is paid with time, and 60 calls take some; a few more do what is left.
  absl::Status refused;
  for (int i = 0; i < 60 && !absl::IsResourceExhausted(refused); ++i) refused = Exchange("another guess").status();
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_GUESSES"));
  EXPECT_LE(RetryDelay(refused), absl::Seconds(1));
  MoveTime(absl::Minutes(1));
  EXPECT_THAT(Exchange(key.secret()), IsOk());
}

TEST_F(TokensServiceTest, WhatWasGuessedAtOneReplicaIsOwedAtAll) {
  const auto key = MakeKey(R"pb(api_key { display_name: "CMS" scopes: "members.read" })pb");
  for (int i = 0; i < 11; ++i) ASSERT_FALSE(Exchange(Wrong(key.secret())).ok());
  Memberships replica(needs_);
  testing::TestServer server(replica.services());
  v1::ExchangeApiKeyRequest request;
  request.set_api_key(key.secret());

  EXPECT_THAT(CallOn(server.Channel(), "", &Tokens::ExchangeApiKey, request),
              StatusIs(absl::StatusCode::kResourceExhausted, "TOO_MANY_GUESSES"));
}

TEST_F(TokensServiceTest, GoodKeysOweNothingAndGuessesTakeNoMoreThanTheirSlots) {
  const auto key = MakeKey(R"pb(api_key { display_name: "CMS" scopes: "members.read" })pb");
  for (int i = 0; i < 20; ++i) EXPECT_THAT(Exchange(key.secret()), IsOk());
  EXPECT_EQ(database_.QueryValue("SELECT count(*) FROM key_guesses"), "0");
  for (int i = 0; i < 5; ++i) ASSERT_FALSE(Exchange(Wrong(key.secret())).ok());
  EXPECT_EQ(database_.QueryValue("SELECT string_agg(kind, ' ' ORDER BY kind) FROM key_guesses"), "KEY NETWORK");
}

TEST_F(TokensServiceTest, TheFirstKeyOfAnInstallationIsMadeOnTheDatabase) {
  const auto key = CreateFirstApiKey(database_.database(), "bootstrap", {"admin"});
  ASSERT_THAT(key, IsOk());
  EXPECT_THAT(Verify(Exchange(*key)->access_token())->caller.scopes, ElementsAre("admin"));
  EXPECT_THAT(CreateFirstApiKey(database_.database(), "bootstrap", {}),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELD"));
}

}  // namespace
}  // namespace masthead::memberships

#include "common/auth/token.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/crypto/mac.h"
#include "gtest/gtest.h"
#include "openssl/evp.h"
#include "openssl/hmac.h"
#include "tests/common/auth/test_mint.h"
#include "tests/support/status_matchers.h"

namespace masthead::auth {
namespace {

using crypto::Base64Url;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using nlohmann::json;

constexpr char kIssuer[] = "masthead-memberships";
constexpr char kAudience[] = "masthead";

class VerifyTokenTest : public ::testing::Test {
 protected:
  absl::StatusOr<TokenClaims> Verify(const std::string& token, absl::Time now = kNow) const {
    return VerifyToken(token, *keys_, kIssuer, kAudience, now);
  }
  void ExpectRefused(const std::string& token, absl::Time now = kNow) const {
    EXPECT_THAT(Verify(token, now), StatusIs(absl::StatusCode::kUnauthenticated, "CREDENTIALS_INVALID"))
        << token.substr(0, 1000);
  }

  const TestMint mint_{"key-1"};
  static const TestMint& Rsa() {
    static const TestMint& mint = *new TestMint("key-2", TestMint::Type::kRsa);
    return mint;
  }

  const TestMint& rsa_ = Rsa();  // Made once: that takes a while.
  const std::unique_ptr<KeySet> keys_ = Publish({mint_.jwk(), rsa_.jwk()});
  const json none_ = json::object();
};

TEST_F(VerifyTokenTest, AdmitsMembersStaffAndBackendsWithWhatTheirTokensGrant) {
  const std::unique_ptr<SigningKey> key = SigningKey::Generate();
  const absl::StatusOr<std::unique_ptr<KeySet>> keys = ParseKeySet(MakeKeySetJson({key->public_jwk_json()}));
  ASSERT_THAT(keys, IsOk());
  Caller member;
  member.kind = Caller::Kind::kMember;
  member.subject = "members/olena";
  member.tiers = {"tiers/gold", "tiers/crossword"};
  Caller staff;
  staff.kind = Caller::Kind::kStaff;
  staff.subject = "staffMembers/petro";
  staff.roles = {"editor", "reporter"};
  Caller backend;
  backend.kind = Caller::Kind::kBackend;
  backend.subject = "apiKeys/web";
  backend.scopes = {"articles.read", "members.read"};
  for (Caller caller : {member, staff, backend}) {
    caller.expire_time = kNow + absl::Minutes(10);
    const std::string token = key->SignToken(
        {.issuer = kIssuer, .audience = kAudience, .id = "token-1", .issue_time = kNow, .caller = caller});
    const absl::StatusOr<TokenClaims> claims = VerifyToken(token, **keys, kIssuer, kAudience, kNow);
    ASSERT_THAT(claims, IsOk());
    EXPECT_EQ(claims->issuer, kIssuer);
    EXPECT_EQ(claims->audience, kAudience);
    EXPECT_EQ(claims->id, "token-1");
    EXPECT_EQ(claims->issue_time, kNow);
    EXPECT_EQ(claims->caller.kind, caller.kind);
    EXPECT_EQ(claims->caller.subject, caller.subject);
    EXPECT_EQ(claims->caller.tiers, caller.tiers);
    EXPECT_EQ(claims->caller.roles, caller.roles);
    EXPECT_EQ(claims->caller.scopes, caller.scopes);
    EXPECT_EQ(claims->caller.expire_time, caller.expire_time);
  }
}

TEST_F(VerifyTokenTest, AdmitsBothAlgorithms) {
  EXPECT_THAT(Verify(mint_.Sign(none_, none_)), IsOk());
  EXPECT_THAT(Verify(rsa_.Sign(none_, none_)), IsOk());
}

TEST_F(VerifyTokenTest, AdmitsWhatTheStandardsLeaveFree) {
  EXPECT_THAT(Verify(mint_.Sign({{"typ", "application/at+jwt"}}, none_)), IsOk());
  EXPECT_THAT(Verify(mint_.Sign({{"typ", "AT+JWT"}}, none_)), IsOk());
  EXPECT_THAT(Verify(mint_.Sign(none_, {{"aud", {"somebody", "masthead"}}})), IsOk());
  EXPECT_THAT(Verify(mint_.Sign(none_, {{"client_id", "web"}, {"extra", {{"nested", true}}}})), IsOk());
}

TEST_F(VerifyTokenTest, RefusesTokensWithoutASignature) {
  const std::string body = Base64Url(TestMint::Claims().dump());
  for (const char* algorithm : {"none", "None", "nOnE", "NONE", "ES256", "RS256"}) {
    const std::string header = Base64Url(mint_.Header({{"alg", algorithm}}).dump());
    ExpectRefused(absl::StrCat(header, ".", body, "."));
    ExpectRefused(absl::StrCat(header, ".", body));
    ExpectRefused(absl::StrCat(header, ".", body, ".", Base64Url(std::string(64, '\0'))));
    ExpectRefused(absl::StrCat(header, ".", body, ".", Base64Url(std::string(256, '\0'))));
  }
}

TEST_F(VerifyTokenTest, RefusesAPublicKeyUsedAsAnHmacSecret) {
  for (const TestMint* mint : {&mint_, &rsa_}) {
    const std::string text =
        absl::StrCat(Base64Url(mint->Header({{"alg", "HS256"}}).dump()), ".", Base64Url(TestMint::Claims().dump()));
    for (const std::string& secret : {mint->public_key_pem(), mint->jwk().dump()}) {
      unsigned char mac[32];
      ASSERT_NE(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, nullptr),
                nullptr);
      ExpectRefused(absl::StrCat(text, ".", Base64Url(absl::string_view(reinterpret_cast<char*>(mac), sizeof mac))));
    }
  }
}

TEST_F(VerifyTokenTest, RefusesAnAlgorithmThatIsNotTheKeys) {
  for (const char* algorithm : {"RS256", "ES384", "ES512", "PS256", "EdDSA", "es256", "ES256 ", ""}) {
    ExpectRefused(mint_.Sign({{"alg", algorithm}}, none_));
  }
  ExpectRefused(rsa_.Sign({{"alg", "PS256"}}, none_));
  ExpectRefused(rsa_.Sign({{"alg", "ES256"}}, none_));
  ExpectRefused(mint_.Sign({{"alg", nullptr}}, none_));
  ExpectRefused(mint_.Sign({{"alg", 256}}, none_));
  ExpectRefused(mint_.Sign({{"alg", {"ES256"}}}, none_));
}

TEST_F(VerifyTokenTest, RefusesEveryOtherFormOfASignature) {
  ExpectRefused(mint_.SignDer(mint_.Header().dump(), TestMint::Claims().dump()));
  const std::string token = mint_.Sign(none_, none_);
  ExpectRefused(token + "AA");
  ExpectRefused(token + "=");
  ExpectRefused(token + ".");
  ExpectRefused(token + "." + token);
  ExpectRefused(token.substr(0, token.size() - 2));
  ExpectRefused(" " + token);
  ExpectRefused(token + "\n");
  ExpectRefused("");
  ExpectRefused(".");
  ExpectRefused("..");
  ExpectRefused("...");
}

TEST_F(VerifyTokenTest, RefusesEveryChangedPart) {
  const std::vector<std::string> parts = absl::StrSplit(mint_.Sign(none_, none_), '.');
  const std::vector<std::string> others = absl::StrSplit(mint_.Sign(none_, {{"sub", "members/petro"}}), '.');
  ExpectRefused(absl::StrCat(parts[0], ".", others[1], ".", parts[2]));
  ExpectRefused(absl::StrCat(parts[0], ".", parts[1], ".", others[2]));
  for (size_t i = 0; i + 1 < parts[2].size(); ++i) {
    std::string signature = parts[2];
    signature[i] = signature[i] == 'A' ? 'B' : 'A';
    ExpectRefused(absl::StrCat(parts[0], ".", parts[1], ".", signature));
  }
}

TEST_F(VerifyTokenTest, FindsTheKeyByItsKidAlone) {
  for (const char* kid : {"key-2", "key-3", "../../key-1", "key-1/../key-1", "/dev/null", "key-1'; DROP TABLE keys; --",
                          "key-1\n", "KEY-1", "*", ""}) {
    ExpectRefused(mint_.Sign({{"kid", kid}}, none_));
  }
  ExpectRefused(mint_.Sign({{"kid", std::string("key-1\0", 6)}}, none_));
  ExpectRefused(mint_.Sign({{"kid", nullptr}}, none_));
  ExpectRefused(mint_.Sign({{"kid", {"key-1"}}}, none_));
}

TEST_F(VerifyTokenTest, IgnoresKeysThatTheTokenBrings) {
  const TestMint attacker("attacker");
  const json bait = {{"jwk", attacker.jwk()},
                     {"jku", "https://attacker.example/keys.json"},
                     {"x5u", "https://attacker.example/cert.pem"},
                     {"x5c", {"MIIB"}}};
  ExpectRefused(attacker.Sign(bait, none_));
  json bait_with_our_kid = bait;
  bait_with_our_kid["kid"] = "key-1";
  ExpectRefused(attacker.Sign(bait_with_our_kid, none_));
  EXPECT_THAT(Verify(mint_.Sign(bait, none_)), IsOk());
}

TEST_F(VerifyTokenTest, RefusesExtensionsItDoesNotKnow) {
  ExpectRefused(mint_.Sign({{"crit", {"exp"}}}, none_));
  ExpectRefused(mint_.Sign({{"crit", json::array()}}, none_));
  ExpectRefused(mint_.Sign({{"crit", {"b64"}}, {"b64", false}}, none_));
  ExpectRefused(mint_.Sign({{"b64", false}}, none_));
}

TEST_F(VerifyTokenTest, RefusesTokensOfAnotherType) {
  for (const char* type : {"JWT", "jwt", "at+jwt ", "id_token", "dpop+jwt", "unsubscribe+jwt", ""}) {
    ExpectRefused(mint_.Sign({{"typ", type}}, none_));
  }
  ExpectRefused(mint_.Sign({{"typ", nullptr}}, none_));
  ExpectRefused(mint_.Sign({{"typ", 1}}, none_));
}

TEST_F(VerifyTokenTest, RefusesAnotherIssuerAndAudience) {
  for (const json& patch : std::vector<json>{{{"iss", "somebody"}},
                                             {{"iss", nullptr}},
                                             {{"iss", {kIssuer}}},
                                             {{"iss", "masthead-memberships "}},
                                             {{"aud", "somebody"}},
                                             {{"aud", nullptr}},
                                             {{"aud", {"somebody"}}},
                                             {{"aud", json::array()}},
                                             {{"aud", {{"masthead", true}}}},
                                             {{"aud", {"masthead", 1}}},
                                             {{"aud", "MASTHEAD"}}}) {
    ExpectRefused(mint_.Sign(none_, patch));
  }
}

TEST_F(VerifyTokenTest, AllowsAMinuteOfSkewAndNoMore) {
  const std::string token = mint_.Sign(none_, none_);
  EXPECT_THAT(Verify(token, kNow + absl::Seconds(659)), IsOk());
  ExpectRefused(token, kNow + absl::Seconds(660));
  EXPECT_THAT(Verify(token, kNow - absl::Seconds(60)), IsOk());
  ExpectRefused(token, kNow - absl::Seconds(61));
  const int64_t now = absl::ToUnixSeconds(kNow);
  EXPECT_THAT(Verify(mint_.Sign(none_, {{"nbf", now + 60}})), IsOk());
  ExpectRefused(mint_.Sign(none_, {{"nbf", now + 61}}));
}

TEST_F(VerifyTokenTest, WantsTimesAsIntegers) {
  const std::string claims = TestMint::Claims().dump();
  const std::string expiry = "\"exp\":1700000600";
  ASSERT_NE(claims.find(expiry), std::string::npos);
  for (const char* time : {"\"1700000600\"", "1700000600.0", "1.7000006e9", "1e400", "-1", "null", "true",
                           "[1700000600]", "99999999999999", "18446744073709551615", "99999999999999999999999"}) {
    ExpectRefused(
        mint_.SignRaw(mint_.Header().dump(), absl::StrReplaceAll(claims, {{expiry, absl::StrCat("\"exp\":", time)}})));
  }
  ExpectRefused(mint_.Sign(none_, {{"exp", nullptr}}));
  ExpectRefused(mint_.Sign(none_, {{"iat", nullptr}}));
  ExpectRefused(mint_.Sign(none_, {{"iat", "1700000000"}}));
  ExpectRefused(mint_.Sign(none_, {{"nbf", "1700000000"}}));
}

TEST_F(VerifyTokenTest, RefusesMembersGivenTwice) {
  const std::string header = mint_.Header().dump();
  const std::string claims = TestMint::Claims().dump();
  auto with = [](const std::string& object, const std::string& member) {
    return object.substr(0, object.size() - 1) + "," + member + "}";
  };
  ExpectRefused(mint_.SignRaw(with(header, R"("alg":"ES256")"), claims));
  ExpectRefused(mint_.SignRaw(with(header, R"("kid":"key-1")"), claims));
  ExpectRefused(mint_.SignRaw(header, with(claims, R"("sub":"members/petro")")));
  ExpectRefused(mint_.SignRaw(header, with(claims, R"("exp":1700009999)")));
  ExpectRefused(mint_.SignRaw(header, with(claims, R"("\u0065xp":1700009999)")));
  ExpectRefused(mint_.SignRaw(header, with(claims, R"("extra":{"a":1,"a":2})")));
  EXPECT_THAT(Verify(mint_.SignRaw(header, with(claims, R"("extra":{"a":{"a":1}})"))), IsOk());
}

TEST_F(VerifyTokenTest, RefusesWhatIsNoJsonObject) {
  const std::string header = mint_.Header().dump();
  const std::string claims = TestMint::Claims().dump();
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("null"), std::string("\"x\""), std::string("{"), claims + claims,
        claims + " x", "\xEF\xBB\xBF" + claims + "\xFF", "/**/" + claims, std::string(3000, '['),
        R"({"a":)" + std::string(40, '[') + std::string(40, ']') + "," + claims.substr(1)}) {
    ExpectRefused(mint_.SignRaw(header, body));
  }
  ExpectRefused(mint_.SignRaw("[]", claims));
  ExpectRefused(mint_.SignRaw("", claims));
  ExpectRefused(mint_.SignRaw(header + "\xFF", claims));
}

TEST_F(VerifyTokenTest, RefusesAKindThatDoesNotFitTheSubject) {
  for (const json& patch : std::vector<json>{{{"masthead_kind", nullptr}},
                                             {{"masthead_kind", "service"}, {"sub", "services/articles"}},
                                             {{"masthead_kind", "anonymous"}, {"sub", ""}},
                                             {{"masthead_kind", "staff"}},
                                             {{"masthead_kind", "backend"}},
                                             {{"masthead_kind", "Member"}},
                                             {{"sub", "staffMembers/olena"}},
                                             {{"sub", "olena"}},
                                             {{"sub", nullptr}},
                                             {{"sub", 7}},
                                             {{"jti", nullptr}},
                                             {{"tiers", "tiers/gold"}},
                                             {{"tiers", {1}}},
                                             {{"tiers", {""}}},
                                             {{"tiers", std::vector<std::string>(101, "tiers/x")}}}) {
    ExpectRefused(mint_.Sign(none_, patch));
  }
}

TEST_F(VerifyTokenTest, TakesOverOnlyWhatBelongsToTheKind) {
  const absl::StatusOr<TokenClaims> claims =
      Verify(mint_.Sign(none_, {{"roles", {"admin"}}, {"scope", "articles.write admin"}}));
  ASSERT_THAT(claims, IsOk());
  EXPECT_TRUE(claims->caller.roles.empty());
  EXPECT_TRUE(claims->caller.scopes.empty());
}

TEST_F(VerifyTokenTest, RefusesHugeTokensAtOnce) {
  ExpectRefused(mint_.Sign(none_, {{"filler", std::string(8192, 'x')}}));
  ExpectRefused(std::string(1 << 20, 'A'));
  ExpectRefused(std::string(1 << 20, '.'));
  ExpectRefused(mint_.Sign(none_, {{"filler", std::string(1 << 20, 'x')}}));
}

TEST_F(VerifyTokenTest, FollowsRotation) {
  const TestMint next("key-3");
  const std::unique_ptr<KeySet> both = Publish({mint_.jwk(), next.jwk()});
  EXPECT_THAT(VerifyToken(mint_.Sign(none_, none_), *both, kIssuer, kAudience, kNow), IsOk());
  EXPECT_THAT(VerifyToken(next.Sign(none_, none_), *both, kIssuer, kAudience, kNow), IsOk());
  const std::unique_ptr<KeySet> after = Publish({next.jwk()});
  EXPECT_THAT(VerifyToken(mint_.Sign(none_, none_), *after, kIssuer, kAudience, kNow),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

}  // namespace
}  // namespace masthead::auth

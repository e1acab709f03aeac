#include "common/auth/token.h"
#include "common/crypto/mac.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/common/auth/test_mint.h"
#include "tests/support/status_matchers.h"

namespace masthead::auth {
namespace {

using ::masthead::testing::IsOk;
using nlohmann::json;
using ::testing::HasSubstr;

TEST(SigningKey, ComesBackFromItsPem) {
  const std::unique_ptr<SigningKey> key = SigningKey::Generate();
  const absl::StatusOr<std::unique_ptr<SigningKey>> again = SigningKey::FromPem(key->pem());
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ((*again)->kid(), key->kid());
  EXPECT_EQ((*again)->public_jwk_json(), key->public_jwk_json());
  EXPECT_NE(SigningKey::Generate()->kid(), key->kid());
}

TEST(SigningKey, IsNamedByTheThumbprintOfRfc7638) {
  const std::unique_ptr<SigningKey> key = SigningKey::Generate();
  const json jwk = json::parse(key->public_jwk_json());
  const json required = {{"crv", jwk["crv"]}, {"kty", jwk["kty"]}, {"x", jwk["x"]}, {"y", jwk["y"]}};
  EXPECT_EQ(key->kid(), crypto::Base64Url(crypto::Sha256(required.dump())));
  EXPECT_EQ(jwk["kid"], key->kid());
}

TEST(SigningKey, PublishesNoSecret) {
  const std::unique_ptr<SigningKey> key = SigningKey::Generate();
  EXPECT_FALSE(json::parse(key->public_jwk_json()).contains("d"));
}

TEST(SigningKey, RefusesOtherPems) {
  const TestMint ec("ec");
  EXPECT_THAT(SigningKey::FromPem(ec.private_key_pem()), IsOk());
  for (const std::string& pem : {std::string(), std::string("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"),
                                 ec.public_key_pem(), TestMint("rsa", TestMint::Type::kRsa).private_key_pem(),
                                 TestMint("p384", TestMint::Type::kEc, 384).private_key_pem()}) {
    EXPECT_EQ(SigningKey::FromPem(pem).status().code(), absl::StatusCode::kInvalidArgument) << pem;
  }
}

TEST(PublicJwkJson, IsWhatThePrivateKeyWouldPublish) {
  const TestMint ec("ec");
  const absl::StatusOr<std::string> jwk = PublicJwkJson(ec.public_key_pem());
  ASSERT_THAT(jwk, IsOk());
  EXPECT_EQ(*jwk, (*SigningKey::FromPem(ec.private_key_pem()))->public_jwk_json());
}

TEST(PublicJwkJson, RefusesAPrivateKeyAndSaysWhatToDo) {
  const absl::Status refused = PublicJwkJson(SigningKey::Generate()->pem()).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("openssl pkey -pubout"));
  const TestMint ec("ec");
  // Both in one file give the private one away all the same.
  EXPECT_THAT(std::string(PublicJwkJson(ec.public_key_pem() + ec.private_key_pem()).status().message()),
              HasSubstr("private"));
}

TEST(PublicJwkJson, RefusesOtherPems) {
  for (const std::string& pem : {std::string(), std::string("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n"),
                                 TestMint("rsa", TestMint::Type::kRsa).public_key_pem(),
                                 TestMint("p384", TestMint::Type::kEc, 384).public_key_pem()}) {
    EXPECT_EQ(PublicJwkJson(pem).status().code(), absl::StatusCode::kInvalidArgument) << pem;
  }
}

TEST(MakeKeySetJson, PublishesEveryKey) {
  const std::unique_ptr<SigningKey> first = SigningKey::Generate();
  const std::unique_ptr<SigningKey> second = SigningKey::Generate();
  const absl::StatusOr<std::unique_ptr<KeySet>> keys =
      ParseKeySet(MakeKeySetJson({first->public_jwk_json(), second->public_jwk_json()}));
  ASSERT_THAT(keys, IsOk());
  EXPECT_NE((*keys)->Find(first->kid()), nullptr);
  EXPECT_NE((*keys)->Find(second->kid()), nullptr);
  EXPECT_EQ((*keys)->Find("another"), nullptr);
}

}  // namespace
}  // namespace masthead::auth

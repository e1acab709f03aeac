#include "common/auth/key_set.h"

#include <string>
#include <vector>

#include "common/auth/public_key.h"
#include "gtest/gtest.h"
#include "tests/common/auth/test_mint.h"
#include "tests/support/status_matchers.h"

namespace masthead::auth {
namespace {

using ::masthead::testing::IsOk;
using nlohmann::json;

std::string Document(const std::vector<json>& keys) { return json({{"keys", keys}}).dump(); }

json With(json jwk, const json& patch) {
  jwk.merge_patch(patch);
  return jwk;
}

// Kept or left out, beside a good key.
bool Keeps(const json& jwk) {
  static const TestMint& good = *new TestMint("good");
  const absl::StatusOr<std::unique_ptr<KeySet>> keys = ParseKeySet(Document({good.jwk(), jwk}));
  EXPECT_THAT(keys, IsOk());
  return keys.ok() && (*keys)->Find("tried") != nullptr;
}

TEST(ParseKeySet, KeepsEcAndRsaKeysWithTheAlgorithmThatIsTheirs) {
  const TestMint ec("ec");
  const TestMint rsa("rsa", TestMint::Type::kRsa);
  const std::unique_ptr<KeySet> keys = Publish({ec.jwk(), rsa.jwk()});
  ASSERT_NE(keys->Find("ec"), nullptr);
  EXPECT_EQ(keys->Find("ec")->algorithm(), "ES256");
  ASSERT_NE(keys->Find("rsa"), nullptr);
  EXPECT_EQ(keys->Find("rsa")->algorithm(), "RS256");
  EXPECT_EQ(keys->Find("other"), nullptr);
}

TEST(ParseKeySet, KeepsKeysThatDoNotSayWhatTheyAreFor) {
  const json jwk = TestMint("tried").jwk();
  EXPECT_TRUE(Keeps(jwk));
  EXPECT_TRUE(Keeps(With(jwk, {{"use", nullptr}, {"alg", nullptr}})));
  EXPECT_TRUE(Keeps(With(jwk, {{"key_ops", {"verify"}}})));
  EXPECT_TRUE(Keeps(With(jwk, {{"x5t", "abc"}, {"extra", 1}})));
}

TEST(ParseKeySet, LeavesOutEcKeysItMustNotUse) {
  const json jwk = TestMint("tried").jwk();
  const json other = TestMint("other").jwk();
  for (const json& patch : std::vector<json>{{{"use", "enc"}},
                                             {{"use", 1}},
                                             {{"alg", "RS256"}},
                                             {{"alg", "ES384"}},
                                             {{"alg", "ECDH-ES"}},
                                             {{"key_ops", {"encrypt"}}},
                                             {{"key_ops", "verify"}},
                                             {{"crv", "P-384"}},
                                             {{"crv", "secp256k1"}},
                                             {{"crv", nullptr}},
                                             {{"kty", "OKP"}, {"crv", "Ed25519"}, {"alg", "EdDSA"}},
                                             {{"kty", "RSA"}},
                                             {{"kty", nullptr}},
                                             {{"kid", nullptr}},
                                             {{"x", other["x"]}},  // Not on the curve.
                                             {{"x", "AA"}},
                                             {{"x", ""}},
                                             {{"y", nullptr}},
                                             {{"x", std::string(43, 'A')}, {"y", std::string(43, 'A')}},
                                             {{"x", jwk["x"].get<std::string>() + "AA"}}}) {
    EXPECT_FALSE(Keeps(With(jwk, patch))) << patch;
  }
  EXPECT_FALSE(Keeps(TestMint("tried", TestMint::Type::kEc, 384).jwk()));
}

TEST(ParseKeySet, LeavesOutWeakRsaKeys) {
  const json jwk = TestMint("tried", TestMint::Type::kRsa).jwk();
  EXPECT_TRUE(Keeps(jwk));
  for (const json& patch : std::vector<json>{
           {{"e", "AQ"}}, {{"e", "Aw"}}, {{"e", ""}}, {{"e", "AQAC"}}, {{"n", "AQAB"}}, {{"alg", "PS256"}}}) {
    EXPECT_FALSE(Keeps(With(jwk, patch))) << patch;
  }
  EXPECT_FALSE(Keeps(TestMint("tried", TestMint::Type::kRsa, 1024).jwk()));
}

TEST(ParseKeySet, RefusesADocumentThatPublishesASecret) {
  const TestMint mint("key-1");
  for (const json& secret : std::vector<json>{{{"kty", "oct"}, {"kid", "key-2"}, {"k", "c2VjcmV0"}},
                                              With(TestMint("key-2").jwk(), {{"d", "AQAB"}})}) {
    EXPECT_EQ(ParseKeySet(Document({mint.jwk(), secret})).status().code(), absl::StatusCode::kInvalidArgument)
        << secret;
  }
}

TEST(ParseKeySet, RefusesTwoKeysWithOneKid) {
  EXPECT_EQ(ParseKeySet(Document({TestMint("key-1").jwk(), TestMint("key-1").jwk()})).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ParseKeySet, RefusesWhatIsNoKeySet) {
  const std::string jwk = TestMint("key-1").jwk().dump();
  for (const std::string& document :
       {std::string(), std::string("null"), std::string("[]"), std::string("{}"), std::string(R"({"keys":{}})"),
        std::string(R"({"keys":[]})"), std::string(R"({"keys":[1]})"), jwk, R"({"keys":[)" + jwk + "]",
        R"({"keys":[)" + jwk + R"(],"keys":[]})", R"({"keys":[)" + std::string(300000, ' ') + jwk + "]}",
        std::string(R"({"keys":)") + std::string(10000, '[')}) {
    EXPECT_EQ(ParseKeySet(document).status().code(), absl::StatusCode::kInvalidArgument) << document.substr(0, 200);
  }
}

}  // namespace
}  // namespace masthead::auth

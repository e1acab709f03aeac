// Project Wycheproof's vectors for JSON Web Signatures and Keys (github.com/C2SP/wycheproof, testvectors_v1:
// json_web_signature_test.json and json_web_key_test.json), read from a folder outside of this repository.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/auth/jws.h"
#include "common/auth/key_set.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace masthead::auth {
namespace {

using nlohmann::json;

// A set of keys to verify with, as the vectors give it: public where there is such a thing, one key or several.
json KeysOf(const json& group) {
  const json& given = group.contains("public") ? group["public"] : group["private"];
  return given.contains("keys") ? given : json({{"keys", {given}}});
}

// Whether we mean to support the algorithm at all; of the others, no signature may pass.
bool IsOurs(const json& keys) {
  for (const json& key : keys["keys"]) {
    const std::string type = key.value("kty", "");
    const std::string algorithm = key.value("alg", type == "EC" ? "ES256" : "RS256");
    if ((type != "EC" || algorithm != "ES256") && (type != "RSA" || algorithm != "RS256")) return false;
  }
  return true;
}

bool Admits(const json& keys, const std::string& jws) {
  const absl::StatusOr<std::unique_ptr<KeySet>> set = ParseKeySet(keys.dump());
  return set.ok() && VerifyJws(jws, **set).ok();
}

void RunVectors(const std::string& file) {
  const char* corpora = std::getenv("MASTHEAD_CORPORA");
  const std::string path = absl::StrCat(corpora == nullptr ? "" : corpora, "/", file);
  std::ifstream stream(path);
  if (corpora == nullptr || !stream) {
    GTEST_SKIP() << "Wycheproof's vectors are NOT checked: set MASTHEAD_CORPORA to a folder with " << file
                 << " (github.com/C2SP/wycheproof, testvectors_v1)";
  }
  const json vectors = json::parse(stream);
  int admitted = 0;
  int refused = 0;
  for (const json& group : vectors["testGroups"]) {
    const json keys = KeysOf(group);
    for (const json& test : group["tests"]) {
      const bool expected = IsOurs(keys) && test["result"] == "valid";
      EXPECT_EQ(Admits(keys, test["jws"].get<std::string>()), expected)
          << "tcId " << test["tcId"] << " (" << group["comment"] << "): " << test["comment"];
      ++(expected ? admitted : refused);
    }
  }
  EXPECT_EQ(admitted + refused, vectors["numberOfTests"]);
  std::cout << file << ": " << admitted << " vectors to admit, " << refused << " to refuse\n";
}

TEST(Wycheproof, JsonWebSignatures) { RunVectors("wycheproof-jws.json"); }

TEST(Wycheproof, JsonWebKeys) { RunVectors("wycheproof-jwk.json"); }

}  // namespace
}  // namespace masthead::auth

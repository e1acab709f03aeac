#include "services/memberships/tokens/signing_keys.h"

#include <sys/stat.h>

#include <cstdio>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificates.h"

namespace masthead::memberships {
namespace {

using ::masthead::testing::IsOk;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(SigningKeys, PublishesTheOneThatSignsOnceEvenIfItIsNamedAgain) {
  const std::string pem = auth::SigningKey::Generate()->pem();
  const auto keys = SigningKeys::FromPem(pem, {testing::PublicKeyPem(pem)});
  ASSERT_THAT(keys, IsOk());
  EXPECT_THAT(auth::ParseKeySet((*keys)->key_set_json()), IsOk());
  EXPECT_EQ((*keys)->key_set_json(), auth::MakeKeySetJson({(*keys)->signing().public_jwk_json()}));
}

class KeyFilesTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& content, mode_t mode) {
    const std::string path = folder_ / name;
    std::ofstream(path) << content;
    chmod(path.c_str(), mode);
    return path;
  }

  const masthead::testing::TemporaryFolder folder_;
  const std::string former_pem_ = auth::SigningKey::Generate()->pem();
  const std::string signing_ = Write("signing", auth::SigningKey::Generate()->pem(), 0600);
};

TEST_F(KeyFilesTest, EverybodyMayReadThePublicKeysAndNobodyTheOther) {
  EXPECT_THAT(SigningKeys::FromFiles(signing_, {Write("former", testing::PublicKeyPem(former_pem_), 0644)}), IsOk());
  chmod(signing_.c_str(), 0644);
  EXPECT_THAT(SigningKeys::FromFiles(signing_, {}), Not(IsOk()));
}

TEST_F(KeyFilesTest, APrivateKeyAmongThoseToPublishIsRefusedByItsFile) {
  const std::string former = Write("former", former_pem_, 0600);
  const absl::Status refused = SigningKeys::FromFiles(signing_, {former}).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(former));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("private key"));
}

}  // namespace
}  // namespace masthead::memberships

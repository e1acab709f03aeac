#include "services/notifications/dkim/key_ring.h"

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "openssl/evp.h"
#include "openssl/pem.h"

namespace masthead::notifications::dkim {
namespace {

namespace fs = std::filesystem;

class KeyRingTest : public ::testing::Test {
 protected:
  KeyRingTest() {
    std::string pattern = absl::StrCat(::testing::TempDir(), "/keys-XXXXXX");
    folder_ = mkdtemp(pattern.data());
  }
  ~KeyRingTest() override { fs::remove_all(folder_); }

  // Moved into place, as whoever rotates keys does.
  void Put(const std::string& name, const crypto::OpenSslPtr<EVP_PKEY, EVP_PKEY_free>& key) const {
    const fs::path path = folder_ / (name + ".new");
    FILE* file = fopen(path.c_str(), "w");
    PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    fclose(file);
    fs::rename(path, folder_ / name);
  }
  static crypto::OpenSslPtr<EVP_PKEY, EVP_PKEY_free> Fresh() {
    return crypto::OpenSslPtr<EVP_PKEY, EVP_PKEY_free>(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  }

  fs::path folder_;
  const std::string name_ = "s1._domainkey.news.example.pem";
};

TEST_F(KeyRingTest, FindsAKeyByItsNameInTheDns) {
  Put(name_, Fresh());
  KeyRing ring(folder_);
  EXPECT_NE(ring.Find("news.example", "s1"), nullptr);
  EXPECT_EQ(ring.Find("news.example", "s2"), nullptr);
  EXPECT_EQ(ring.Find("other.example", "s1"), nullptr);
  EXPECT_EQ(KeyRing("").Find("news.example", "s1"), nullptr);
}

TEST_F(KeyRingTest, TakesANewKeyWithoutARestartAndKeepsTheOldOneWhereTheNewIsBroken) {
  Put(name_, Fresh());
  KeyRing ring(folder_, absl::ZeroDuration());
  const std::string before = *ring.Find("news.example", "s1")->Sign("x");
  Put(name_, Fresh());
  const std::string after = *ring.Find("news.example", "s1")->Sign("x");
  EXPECT_NE(before, after);
  std::ofstream(folder_ / name_) << "half a ke";
  EXPECT_EQ(*ring.Find("news.example", "s1")->Sign("x"), after);
}

TEST_F(KeyRingTest, LooksNowhereButInItsFolder) {
  Put(name_, Fresh());
  KeyRing ring(folder_ / "below");
  EXPECT_EQ(ring.Find("news.example", "../s1"), nullptr);
}

}  // namespace
}  // namespace masthead::notifications::dkim

#include "common/crypto/aes_gcm.h"

#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace masthead::crypto {
namespace {

// Test cases 13 and 14 of "The Galois/Counter Mode of Operation" (McGrew and Viega), which NIST publishes: a key, a
// nonce and a text of zeros.
TEST(AesGcm, IsThePublishedOne) {
  const std::string key(kAesKeyBytes, '\0');
  const std::string nonce(kAesNonceBytes, '\0');
  EXPECT_EQ(absl::BytesToHexString(AesGcmSeal(key, nonce, "", "")),
            absl::BytesToHexString(nonce) + "530f8afbc74536b9a963b4f1c4cb738b");
  EXPECT_EQ(absl::BytesToHexString(AesGcmSeal(key, nonce, std::string(16, '\0'), "")),
            absl::BytesToHexString(nonce) + "cea7403d4d606b6e074ec5d3baf39d18" + "d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(AesGcm, OpensWhatWasSealedWithTheKeyAboutTheSameAndNothingElse) {
  const std::string key(kAesKeyBytes, 'k');
  const std::string sealed = AesGcmSeal(key, std::string(kAesNonceBytes, 'n'), "an address", "row 1");
  EXPECT_EQ(AesGcmOpen(key, sealed, "row 1"), "an address");
  EXPECT_EQ(AesGcmOpen(key, sealed, "row 2"), std::nullopt);
  EXPECT_EQ(AesGcmOpen(std::string(kAesKeyBytes, 'x'), sealed, "row 1"), std::nullopt);
  EXPECT_EQ(AesGcmOpen(key, sealed.substr(0, 27), "row 1"), std::nullopt);
  EXPECT_EQ(AesGcmOpen(key, "", "row 1"), std::nullopt);
}

}  // namespace
}  // namespace masthead::crypto

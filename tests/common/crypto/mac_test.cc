#include "common/crypto/mac.h"

#include <concepts>
#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace masthead::crypto {
namespace {

// Nobody compares keys with ==, by mistake or in haste.
static_assert(!std::equality_comparable<MacKey>);

TEST(Sha256, MatchesTheStandardsExamples) {
  EXPECT_EQ(absl::BytesToHexString(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(absl::BytesToHexString(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(RandomBytes, AreAsManyAsAskedForAndDiffer) {
  EXPECT_EQ(RandomBytes(0), "");
  EXPECT_EQ(RandomBytes(32).size(), 32u);
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
}

TEST(Base64Url, MatchesRfc4648WithoutPadding) {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(Base64Url(bytes), text);
    ASSERT_TRUE(ParseBase64Url(text).ok()) << text;
    EXPECT_EQ(*ParseBase64Url(text), bytes);
  }
}

TEST(Base64Url, ReadsBackEveryLength) {
  for (size_t size = 0; size < 100; ++size) {
    const std::string bytes = RandomBytes(size);
    const absl::StatusOr<std::string> read = ParseBase64Url(Base64Url(bytes));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, bytes);
  }
}

TEST(ParseBase64Url, RefusesASecondTextForTheSameBytes) {
  EXPECT_TRUE(ParseBase64Url("AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmQ").ok());
  EXPECT_FALSE(ParseBase64Url("AQcAAAEfcfsEywAAACoCORb0OXETXbym9-GJomJjmR").ok());
  for (const char* text : {"Zg==", "Zh", "Zm9", "Z", "Zm9vY", "Zm9v\n", " Zm9v", "Zm 9v", "Zm+v", "Zm/v", "Zm9v.",
                           "Zg=", "=", "Zm9v\xC3\xA9"}) {
    EXPECT_FALSE(ParseBase64Url(text).ok()) << text;
  }
  EXPECT_FALSE(ParseBase64Url(absl::string_view("Zm\0v", 4)).ok());
}

TEST(ConstantTimeEquals, ComparesAllBytes) {
  EXPECT_TRUE(ConstantTimeEquals("", ""));
  EXPECT_TRUE(ConstantTimeEquals("secret", "secret"));
  EXPECT_FALSE(ConstantTimeEquals("secret", "secreT"));
  EXPECT_FALSE(ConstantTimeEquals("secret", "secret2"));
  EXPECT_FALSE(ConstantTimeEquals("secret", ""));
}

TEST(MacKey, MatchesRfc4231) {
  const absl::StatusOr<MacKey> key = MacKey::FromBytes(std::string(131, '\xaa'));
  ASSERT_TRUE(key.ok());
  const std::string data = "Test Using Larger Than Block-Size Key - Hash Key First";
  EXPECT_EQ(absl::BytesToHexString(key->Sign(data)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  const std::string longer =
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed "
      "before being used by the "
      "HMAC algorithm.";
  EXPECT_EQ(absl::BytesToHexString(key->Sign(longer)),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(MacKey, VerifiesWhatItSignedAndNothingElse) {
  const MacKey key = MacKey::Random();
  const std::string mac = key.Sign("cursor");
  EXPECT_TRUE(key.Verify("cursor", mac));
  EXPECT_FALSE(key.Verify("cursoR", mac));
  EXPECT_FALSE(key.Verify("cursor", mac.substr(0, 31)));
  EXPECT_FALSE(key.Verify("cursor", ""));
  EXPECT_FALSE(MacKey::Random().Verify("cursor", mac));
}

TEST(MacKey, DerivesAKeyForEachPurposeAsRfc5869Says) {
  std::string bytes;
  for (char i = 0; i < 32; ++i) bytes += i;
  const absl::StatusOr<MacKey> key = MacKey::FromBytes(bytes);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(absl::BytesToHexString(key->Derive("page token").Sign("abc")),
            "b7b890e2fe60c1826ddb1a32bab353f7b2373094bdaccb8cc202768537463d53");
  EXPECT_NE(key->Derive("event cursor").Sign("abc"), key->Derive("page token").Sign("abc"));
  EXPECT_NE(key->Derive("page token").Sign("abc"), key->Sign("abc"));
}

TEST(MacKey, RefusesShortKeys) {
  EXPECT_FALSE(MacKey::FromBytes(std::string(31, 'k')).ok());
  EXPECT_TRUE(MacKey::FromBytes(std::string(32, 'k')).ok());
}

}  // namespace
}  // namespace masthead::crypto

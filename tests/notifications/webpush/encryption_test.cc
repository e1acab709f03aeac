// Web push on the wire, byte for byte.
#include "services/notifications/webpush/encryption.h"

#include "common/crypto/mac.h"
#include "gmock/gmock.h"
#include "openssl/evp.h"
#include "services/notifications/webpush/p256_key.h"
#include "services/notifications/webpush/vapid.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::webpush {
namespace {

using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Bytes(absl::string_view base64url) { return *crypto::ParseBase64Url(base64url); }

// RFC 8291 section 5 and appendix A.
constexpr char kPlaintext[] = "When I grow up, I want to be a watermelon";
constexpr char kAuth[] = "BTBZMqHH6r4Tts7J_aSIgg";
constexpr char kBrowserKey[] =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
constexpr char kSenderPrivate[] = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw";
constexpr char kSenderPublic[] =
    "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8";
constexpr char kSalt[] = "DGv6ra1nlYgDCS1FRnbzlw";
constexpr char kBody[] =
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_"
    "c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";

TEST(Encryption, IsThatOfTheStandardsExample) {
  const auto body = Encrypt(kPlaintext, Bytes(kBrowserKey), Bytes(kAuth),
                            Ephemeral{.salt = Bytes(kSalt), .private_key = Bytes(kSenderPrivate)});
  ASSERT_THAT(body, IsOk());
  EXPECT_EQ(crypto::Base64Url(*body), kBody);
}

TEST(Encryption, NeverUsesASaltOrAKeyTwice) {
  const auto one = Encrypt(kPlaintext, Bytes(kBrowserKey), Bytes(kAuth));
  const auto two = Encrypt(kPlaintext, Bytes(kBrowserKey), Bytes(kAuth));
  ASSERT_THAT(one, IsOk());
  EXPECT_NE(one->substr(0, 16), two->substr(0, 16));
  EXPECT_NE(one->substr(21, 65), two->substr(21, 65));
}

TEST(Encryption, FillsAPushServicesRecordAndNoMore) {
  const auto body = Encrypt(std::string(kMaxPlaintext, 'x'), Bytes(kBrowserKey), Bytes(kAuth));
  ASSERT_THAT(body, IsOk());
  EXPECT_EQ(body->size(), 4096u);
  EXPECT_THAT(Encrypt(std::string(kMaxPlaintext + 1, 'x'), Bytes(kBrowserKey), Bytes(kAuth)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(Encryption, RefusesKeysThatNoBrowserMade) {
  std::string off_the_curve = Bytes(kBrowserKey);
  off_the_curve.back() ^= 1;
  for (const std::string& key : {off_the_curve, std::string(), std::string(65, '\4'), Bytes(kBrowserKey).substr(1)}) {
    EXPECT_THAT(Encrypt(kPlaintext, key, Bytes(kAuth)), StatusIs(absl::StatusCode::kInvalidArgument));
  }
  EXPECT_THAT(Encrypt(kPlaintext, Bytes(kBrowserKey), "short"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(P256Key, KnowsItsPointAndAgreesAsTheStandardsExample) {
  const auto key = P256Key::FromPrivate(Bytes(kSenderPrivate));
  ASSERT_THAT(key, IsOk());
  EXPECT_EQ(crypto::Base64Url(key->public_key()), kSenderPublic);
  EXPECT_EQ(crypto::Base64Url(*key->Agree(Bytes(kBrowserKey))), "kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
}

// The parts of `vapid t=<JWT>, k=<key>`.
struct Authorization {
  explicit Authorization(const std::string& value) {
    const size_t comma = value.find(", k=");
    jwt = value.substr(8, comma - 8);
    key = value.substr(comma + 4);
    const size_t first = jwt.find('.'), second = jwt.rfind('.');
    claims = Bytes(jwt.substr(first + 1, second - first - 1));
    signature = Bytes(jwt.substr(second + 1));
  }
  std::string jwt, key, claims, signature;
};

TEST(Vapid, SignsForOneOriginWithTheRawSignatureOfEs256) {
  const auto key = P256Key::FromPrivate(Bytes(kSenderPrivate));
  Vapid vapid(*key, "mailto:push@news.example");
  const absl::Time now = absl::FromUnixSeconds(1'763'800'000);
  const std::string value = vapid.Authorization("https://push.example.net", now);
  ASSERT_THAT(value, StartsWith("vapid t=eyJ"));
  const Authorization parts(value);
  EXPECT_EQ(parts.key, kSenderPublic);
  EXPECT_EQ(parts.signature.size(), 64u) << "not DER";
  EXPECT_THAT(parts.claims, HasSubstr(R"("aud":"https://push.example.net")"));
  EXPECT_THAT(parts.claims, HasSubstr(R"("exp":1763843200)")) << "12 hours; a day at most";
  EXPECT_THAT(parts.claims, HasSubstr(R"("sub":"mailto:push@news.example")"));
}

TEST(Vapid, KeepsATokenForAPushServiceUntilItIsHalfOver) {
  const auto key = P256Key::Generate();
  Vapid vapid(*key, "mailto:push@news.example");
  const absl::Time now = absl::FromUnixSeconds(1'763'800'000);
  const std::string first = vapid.Authorization("https://push.example.net", now);
  EXPECT_EQ(vapid.Authorization("https://push.example.net", now + absl::Hours(5)), first);
  EXPECT_NE(vapid.Authorization("https://push.example.net", now + absl::Hours(6)), first);
  EXPECT_NE(vapid.Authorization("https://other.example.net", now), first);
}

TEST(Vapid, AnOriginIsSchemeHostAndPort) {
  EXPECT_EQ(OriginOf("https://push.example.net/send/abc?x=1"), "https://push.example.net");
  EXPECT_EQ(OriginOf("https://push.example.net:8443/send"), "https://push.example.net:8443");
  EXPECT_EQ(OriginOf("http://push.example.net/send"), "");
}

}  // namespace
}  // namespace masthead::notifications::webpush

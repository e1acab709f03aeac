#include "services/memberships/payments/webhook_signature.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/memberships/vectors.h"

namespace masthead::memberships {
namespace {

// Made and checked with stripe-node 23.1.
constexpr char kSecret[] = "whsec_test_secret";
constexpr char kPayload[] = R"({"id":"evt_1","object":"event","type":"invoice.paid"})";
constexpr char kMac[] = "dfb4777aaaec4ea29ff455dd4df7fe6b2ef71096ad3a93a158db7e100109ea91";
constexpr int64_t kSigned = 1700000000;

std::string Header() { return absl::StrCat("t=", kSigned, ",v1=", kMac); }
absl::Time At(int64_t seconds) { return absl::FromUnixSeconds(kSigned + seconds); }

TEST(WebhookSignature, IsGoodForFiveMinutes) {
  EXPECT_TRUE(IsSigned(kPayload, Header(), {kSecret}, At(0)));
  EXPECT_TRUE(IsSigned(kPayload, Header(), {kSecret}, At(300)));
  EXPECT_FALSE(IsSigned(kPayload, Header(), {kSecret}, At(301)));
}

TEST(WebhookSignature, MayBeAheadOfUsByFiveMinutesAndNoMore) {
  EXPECT_TRUE(IsSigned(kPayload, Header(), {kSecret}, At(-300)));
  EXPECT_FALSE(IsSigned(kPayload, Header(), {kSecret}, At(-301)));
}

TEST(WebhookSignature, HoldsForTheVeryBytes) {
  EXPECT_FALSE(IsSigned(absl::StrCat(kPayload, " "), Header(), {kSecret}, At(0)));
  EXPECT_FALSE(IsSigned("", Header(), {kSecret}, At(0)));
}

TEST(WebhookSignature, MayBeOneOfSeveralWhileASecretIsRolled) {
  const std::string wrong(64, '0');
  EXPECT_TRUE(IsSigned(kPayload, absl::StrCat("t=", kSigned, ",v1=", wrong, ",v1=", kMac), {kSecret}, At(0)));
  EXPECT_TRUE(IsSigned(kPayload, Header(), {"whsec_the_next_one", kSecret}, At(0)));
  EXPECT_FALSE(IsSigned(kPayload, Header(), {"whsec_the_next_one"}, At(0)));
}

TEST(WebhookSignature, IsRefusedInAnotherScheme) {
  EXPECT_FALSE(IsSigned(kPayload, absl::StrCat("t=", kSigned, ",v0=", kMac), {kSecret}, At(0)));
}

TEST(WebhookSignature, IsNothingWithABlankSecret) {
  for (const std::string& blank : {std::string(), std::string(" \n")}) {
    const std::string header = SignatureHeader(kPayload, blank, At(0));
    EXPECT_FALSE(IsSigned(kPayload, header, {blank}, At(0)));
  }
  EXPECT_FALSE(IsSigned(kPayload, Header(), {}, At(0)));
}

TEST(WebhookSignature, RefusesHeadersThatAreNone) {
  for (const std::string& header :
       {std::string(), std::string("t="), std::string("v1="), std::string(kMac), absl::StrCat("v1=", kMac),
        absl::StrCat("t=", kSigned, ",t=", kSigned, ",v1=", kMac), absl::StrCat("t=now,v1=", kMac),
        absl::StrCat("t=99999999999999999999,v1=", kMac), absl::StrCat("t=", kSigned, ",v1="),
        absl::StrCat("t=", kSigned, ",v1=", std::string(5000, 'a'))}) {
    EXPECT_FALSE(IsSigned(kPayload, header, {kSecret}, At(0))) << header;
  }
}

TEST(WebhookSignature, IsMadeAsItIsChecked) { EXPECT_EQ(SignatureHeader(kPayload, kSecret, At(0)), Header()); }

TEST(WebhookSignature, AgreesWithThePublishedVectors) {
  const auto vectors = PublishedVectors("stripe_signature");
  SKIP_WITHOUT_VECTORS(vectors);
  const std::string payload = vectors->at("payload");
  const std::string header = vectors->at("header");
  const std::string secret = vectors->at("secret");
  for (const auto& one : vectors->at("cases")) {
    if (!one.contains("now")) continue;
    const int64_t now = one.at("now");
    // stripe-node takes a signature from any time ahead; we take five minutes.
    const bool expected = one.at("ok") && now >= kSigned - 300;
    EXPECT_EQ(IsSigned(payload, header, {secret}, absl::FromUnixSeconds(now)), expected) << one;
  }
}

}  // namespace
}  // namespace masthead::memberships

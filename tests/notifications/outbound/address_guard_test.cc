// Addresses that strangers gave us lead out of our network, and nowhere else.
#include "services/notifications/outbound/address_guard.h"

#include "gmock/gmock.h"
#include "services/notifications/outbound/http_outcome.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using ::masthead::testing::IsOkAndHolds;
using ::masthead::testing::StatusIs;

TEST(AddressGuard, KnowsPublicAddressesFromReservedOnes) {
  for (const char* address :
       {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"}) {
    EXPECT_TRUE(IsPublicAddress(address)) << address;
  }
  for (const char* address : {"0.0.0.0",
                              "10.1.2.3",
                              "100.64.0.1",
                              "127.0.0.1",
                              "127.255.255.255",
                              "169.254.169.254",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.0.2.1",
                              "192.168.1.1",
                              "198.18.0.1",
                              "203.0.113.7",
                              "224.0.0.1",
                              "255.255.255.255",
                              "::",
                              "::1",
                              "fe80::1",
                              "fd00::1",
                              "ff02::1",
                              "2001:db8::1",
                              "2002:7f00:1::",
                              "::ffff:127.0.0.1",
                              "::ffff:169.254.169.254",
                              "64:ff9b::a00:1",
                              "not an address",
                              ""}) {
    EXPECT_FALSE(IsPublicAddress(address)) << address;
  }
}

TEST(AddressGuard, RefusesEveryWayOfSayingLocalhost) {
  for (const char* url : {"https://127.0.0.1/", "https://localhost/", "https://2130706433/", "https://0x7f.1/",
                          "https://0177.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]:8443/",
                          "https://user@127.0.0.1/", "https://example.com@127.0.0.1/", "https://169.254.169.254/latest",
                          "https://", "https:///path", "https://127.0.0.1:0/", "https://127.0.0.1:x/"}) {
    EXPECT_THAT(PinAddress(url, {}), StatusIs(absl::StatusCode::kInvalidArgument, "WEBHOOK_ADDRESS_FORBIDDEN")) << url;
  }
}

TEST(AddressGuard, AsksForHttps) {
  for (const char* url : {"http://8.8.8.8/", "ftp://8.8.8.8/", "//8.8.8.8/", "8.8.8.8", ""}) {
    EXPECT_THAT(PinAddress(url, {}), StatusIs(absl::StatusCode::kInvalidArgument, "NON_HTTPS_WEBHOOK")) << url;
  }
}

TEST(AddressGuard, PinsTheAddressThatItJudged) {
  EXPECT_THAT(PinAddress("https://8.8.8.8/hook", {}), IsOkAndHolds("8.8.8.8:443:8.8.8.8"));
  EXPECT_THAT(PinAddress("https://8.8.8.8:8443/hook", {}), IsOkAndHolds("8.8.8.8:8443:8.8.8.8"));
  EXPECT_THAT(PinAddress("http://127.0.0.1:8080/hook", {.allow_private = true}),
              IsOkAndHolds("127.0.0.1:8080:127.0.0.1"));
}

TEST(HttpOutcome, JudgesAnswersAsPushServicesMeanThem) {
  struct Case {
    int status;
    const char* state;
    const char* reason;
  };
  const Due due = {.seq = 1};
  for (const Case& c : std::vector<Case>{{200, "SENT", ""},
                                         {201, "SENT", ""},
                                         {301, "FAILED", "REFUSED"},
                                         {400, "FAILED", "REFUSED"},
                                         {403, "FAILED", "POLICY"},
                                         {404, "FAILED", "ENDPOINT_GONE"},
                                         {410, "FAILED", "ENDPOINT_GONE"},
                                         {413, "FAILED", "REFUSED"},
                                         {429, "DEFERRED", ""},
                                         {500, "DEFERRED", ""},
                                         {503, "DEFERRED", ""}}) {
    const Decision decision = JudgeAnswer(due, http::Answer{.status = c.status}, true);
    EXPECT_EQ(decision.disposition.state, c.state) << c.status;
    EXPECT_EQ(decision.disposition.reason, c.reason) << c.status;
    EXPECT_EQ(decision.disposition.expire_endpoint, c.status == 404 || c.status == 410) << c.status;
  }
}

TEST(HttpOutcome, ALostAnswerIsUncertainAndIsRepeatedOnlyWhereThatWasChosen) {
  const Due due = {.seq = 1};
  EXPECT_EQ(JudgeAnswer(due, absl::UnavailableError("reset"), true).disposition.state, "UNCERTAIN");
  EXPECT_EQ(JudgeAnswer(due, absl::UnavailableError("reset"), false).disposition.state, "PENDING");
}

TEST(HttpOutcome, WaitsAsLongAsItIsAskedTo) {
  const absl::Time now = absl::FromUnixSeconds(784'111'777);  // Sun, 06 Nov 1994 08:49:37 GMT
  EXPECT_EQ(RetryAfter("120", now), absl::Seconds(120));
  EXPECT_EQ(RetryAfter("Sun, 06 Nov 1994 08:50:37 GMT", now), absl::Seconds(60));
  EXPECT_EQ(RetryAfter("Sun, 06 Nov 1994 08:48:37 GMT", now), absl::ZeroDuration());
  EXPECT_EQ(RetryAfter("nonsense", now), absl::ZeroDuration());
  EXPECT_EQ(RetryAfter("99999999", now), absl::Hours(24));
  const Decision decision =
      JudgeAnswer({.seq = 1}, http::Answer{.status = 429, .headers = {{"retry-after", "7200"}}, .body = ""}, true);
  EXPECT_EQ(decision.disposition.retry_in, absl::Hours(2));
}

}  // namespace
}  // namespace masthead::notifications

// Signatures, schedules and breakers of webhooks, without anybody to call.
#include "services/notifications/webhooks/webhook.h"

#include <string>

#include "gmock/gmock.h"
#include "services/notifications/webhooks/signature.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications::webhooks {
namespace {

using ::masthead::testing::StatusIs;

constexpr char kSecret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

TEST(WebhookSignature, IsThatOfTheSpecificationsOwnLibraries) {
  EXPECT_EQ(
      Signatures({*SecretFromText(kSecret)}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_EQ(Signatures({*SecretFromText(kSecret)}, "evt_01", 1763800000, R"({"type":"delivery.bounced"})"),
            "v1,i7fri1RILp4xrlvoZGK6mFkDEE1X36DEMbgeOamG8FA=");
}

TEST(WebhookSignature, CoversIdTimeAndBody) {
  const std::string secret = *SecretFromText(kSecret);
  const std::string signature = Signatures({secret}, "evt_01", 1763800000, "{}");
  EXPECT_NE(Signatures({secret}, "evt_02", 1763800000, "{}"), signature);
  EXPECT_NE(Signatures({secret}, "evt_01", 1763800001, "{}"), signature);
  EXPECT_NE(Signatures({secret}, "evt_01", 1763800000, "{ }"), signature);
}

TEST(WebhookSignature, OfTwoSecretsAreTwoSideBySide) {
  const std::string newer = *SecretFromText(kSecret), older = NewSecret();
  EXPECT_EQ(Signatures({newer, older}, "evt_01", 1763800000, "{}"),
            Signatures({newer}, "evt_01", 1763800000, "{}") + " " + Signatures({older}, "evt_01", 1763800000, "{}"));
}

TEST(WebhookSecret, IsReadAsItIsWritten) {
  const std::string secret = NewSecret();
  EXPECT_EQ(secret.size(), 32u);
  EXPECT_NE(secret, NewSecret());
  EXPECT_EQ(*SecretFromText(SecretToText(secret)), secret);
  EXPECT_EQ(SecretToText(*SecretFromText(kSecret)), kSecret);
}

TEST(WebhookSecret, IsNeverEmpty) {
  for (const char* text : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_???"}) {
    EXPECT_THAT(SecretFromText(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(WebhookSchedule, HasTheNineRepetitionsThatTheSpecificationRecommends) {
  EXPECT_EQ(RetryIn(1, 0), absl::Seconds(5));
  EXPECT_EQ(RetryIn(2, 0), absl::Minutes(5));
  EXPECT_EQ(RetryIn(3, 0), absl::Minutes(30));
  EXPECT_EQ(RetryIn(4, 0), absl::Hours(2));
  EXPECT_EQ(RetryIn(5, 0), absl::Hours(5));
  EXPECT_EQ(RetryIn(6, 0), absl::Hours(10));
  EXPECT_EQ(RetryIn(7, 0), absl::Hours(14));
  EXPECT_EQ(RetryIn(8, 0), absl::Hours(20));
  EXPECT_EQ(RetryIn(9, 0), absl::Hours(24));
  EXPECT_EQ(RetryIn(10, 0), std::nullopt);
  EXPECT_EQ(RetryIn(2, 0.5), absl::Minutes(5) * 1.05);
}

TEST(WebhookAnswer, IsAYesOnlyBetween200And299) {
  EXPECT_EQ(JudgeStatus(200), Verdict::kHeard);
  EXPECT_EQ(JudgeStatus(204), Verdict::kHeard);
  for (const int status : {0, 301, 302, 307, 400, 404, 429, 500, 503}) {
    EXPECT_EQ(JudgeStatus(status), Verdict::kFailed) << status;
  }
  EXPECT_EQ(JudgeStatus(410), Verdict::kGone);
}

const absl::Time kNow = absl::FromUnixSeconds(1763800000);

Breaker Failing(int times, absl::Time now) {
  Breaker breaker;
  for (int i = 0; i < times; ++i) breaker = After(breaker, Verdict::kFailed, now);
  return breaker;
}

TEST(WebhookBreaker, OpensAfterFiveFailuresForLongerAndLonger) {
  EXPECT_FALSE(Failing(4, kNow).IsOpen(kNow));
  EXPECT_EQ(Failing(5, kNow).retry_time, kNow + absl::Seconds(30));
  EXPECT_EQ(Failing(6, kNow).retry_time, kNow + absl::Minutes(1));
  EXPECT_EQ(Failing(11, kNow).retry_time, kNow + absl::Minutes(32));
  EXPECT_EQ(Failing(12, kNow).retry_time, kNow + absl::Hours(1));
  EXPECT_EQ(Failing(1000, kNow).retry_time, kNow + absl::Hours(1));
  EXPECT_TRUE(Failing(5, kNow).IsOpen(kNow + absl::Seconds(29)));
  EXPECT_FALSE(Failing(5, kNow).IsOpen(kNow + absl::Seconds(30)));
  EXPECT_TRUE(Failing(5, kNow).IsOnProbation());
}

TEST(WebhookBreaker, ClosesWhenACallIsHeard) { EXPECT_EQ(After(Failing(7, kNow), Verdict::kHeard, kNow), Breaker()); }

TEST(WebhookBreaker, GivesUpAfterFiveDaysWithoutAnAnswer) {
  const Breaker failing = Failing(10, kNow);
  EXPECT_EQ(After(failing, Verdict::kFailed, kNow + absl::Hours(5 * 24 - 1)).state, "ACTIVE");
  const Breaker given_up = After(failing, Verdict::kFailed, kNow + absl::Hours(5 * 24));
  EXPECT_EQ(given_up.state, "DISABLED");
  EXPECT_EQ(given_up.disabled_reason, "FAILING");
}

TEST(WebhookBreaker, TakesGoneAtItsWord) {
  const Breaker gone = After(Breaker(), Verdict::kGone, kNow);
  EXPECT_EQ(gone.state, "DISABLED");
  EXPECT_EQ(gone.disabled_reason, "GONE");
  EXPECT_EQ(After(gone, Verdict::kHeard, kNow).state, "DISABLED") << "a test does not bring it back";
  EXPECT_EQ(SwitchedTo(gone, "ACTIVE"), Breaker());
}

}  // namespace
}  // namespace masthead::notifications::webhooks

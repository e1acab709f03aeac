// Refusals, stage by stage (RFC 5321 section 4.2.1).
#include <cstdlib>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/notifications/mail/smtp_route.h"
#include "tests/notifications/mail/smtp_route_testing.h"
#include "tests/notifications/mail/smtp_sink.h"

namespace masthead::notifications::mail {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using At = SmtpSink::At;
using Act = SmtpSink::Act;

struct RefusalCase {
  const char* name;
  At at;
  const char* reply;
  OutcomeKind kind;
  SmtpStage stage;
  BounceClass bounce;
};

class Refusals : public ::testing::TestWithParam<std::tuple<RefusalCase, bool>> {};

TEST_P(Refusals, DecideTheOutcome) {
  const auto& [refusal, pipelining] = GetParam();
  SmtpSink sink(pipelining ? SmtpSink::Options() : SmtpSink::Options{.extensions = {}});
  sink.Set(refusal.at, {.act = Act::kReply, .text = refusal.reply, .times = 1});
  SmtpRoute route(To(sink));
  const std::vector<Outcome> outcomes = route.Send(Letters(3), InTime());
  EXPECT_THAT(outcomes[0], AllOf(IsAt(refusal.kind, refusal.stage, atoi(refusal.reply)), Bounces(refusal.bounce)));
  const bool concerns_the_connection = refusal.stage < SmtpStage::kMail;
  for (size_t i = 1; i < 3; ++i)
    EXPECT_THAT(outcomes[i], Is(concerns_the_connection ? OutcomeKind::kDeferred : OutcomeKind::kSent));
  EXPECT_THAT(sink.violations(), IsEmpty());
  if (refusal.at != At::kFinalDot) {
    EXPECT_THAT(sink.messages(), SizeIs(concerns_the_connection ? 0 : 2));
  }
  // Afterwards all is well.
  EXPECT_THAT(SendOne(route), Is(OutcomeKind::kSent));
}

constexpr RefusalCase kRefusals[] = {
    {"Banner421", At::kBanner, "421 4.3.2 later\r\n", OutcomeKind::kDeferred, SmtpStage::kBanner, BounceClass::kNone},
    {"Banner554", At::kBanner, "554 no service\r\n", OutcomeKind::kDeferred, SmtpStage::kBanner, BounceClass::kPolicy},
    {"Ehlo450", At::kEhlo, "450 later\r\n", OutcomeKind::kDeferred, SmtpStage::kEhlo, BounceClass::kNone},
    {"Mail421", At::kMail, "421 4.3.2 later\r\n", OutcomeKind::kDeferred, SmtpStage::kMail, BounceClass::kNone},
    {"Mail450", At::kMail, "450 4.3.0 later\r\n", OutcomeKind::kDeferred, SmtpStage::kMail, BounceClass::kNone},
    {"Mail550", At::kMail, "550 5.7.1 not you\r\n", OutcomeKind::kFailed, SmtpStage::kMail, BounceClass::kPolicy},
    {"Rcpt421", At::kRcpt, "421 4.3.2 later\r\n", OutcomeKind::kDeferred, SmtpStage::kRcpt, BounceClass::kNone},
    {"Rcpt450", At::kRcpt, "450 4.2.0 greylisted\r\n", OutcomeKind::kDeferred, SmtpStage::kRcpt, BounceClass::kSoft},
    {"Rcpt550", At::kRcpt, "550 5.1.1 nobody\r\n", OutcomeKind::kFailed, SmtpStage::kRcpt, BounceClass::kHard},
    {"Rcpt550Policy", At::kRcpt, "550 5.7.1 blocked\r\n", OutcomeKind::kFailed, SmtpStage::kRcpt, BounceClass::kPolicy},
    {"Rcpt552", At::kRcpt, "552 5.2.2 full\r\n", OutcomeKind::kFailed, SmtpStage::kRcpt, BounceClass::kSoft},
    {"RcptManyLines", At::kRcpt, "550-5.1.1 nobody\r\n550-5.1.1 here\r\n550 5.1.1 indeed\r\n", OutcomeKind::kFailed,
     SmtpStage::kRcpt, BounceClass::kHard},
    {"Data421", At::kData, "421 4.3.2 later\r\n", OutcomeKind::kDeferred, SmtpStage::kData, BounceClass::kNone},
    {"Data451", At::kData, "451 4.3.0 later\r\n", OutcomeKind::kDeferred, SmtpStage::kData, BounceClass::kNone},
    {"Data554", At::kData, "554 5.5.1 no\r\n", OutcomeKind::kFailed, SmtpStage::kData, BounceClass::kPolicy},
    {"Dot421", At::kFinalDot, "421 4.3.2 later\r\n", OutcomeKind::kDeferred, SmtpStage::kFinalDot, BounceClass::kNone},
    {"Dot451", At::kFinalDot, "451 4.3.0 later\r\n", OutcomeKind::kDeferred, SmtpStage::kFinalDot, BounceClass::kNone},
    {"Dot554", At::kFinalDot, "554 5.7.1 spam\r\n", OutcomeKind::kFailed, SmtpStage::kFinalDot, BounceClass::kPolicy},
    {"Dot550", At::kFinalDot, "550 5.1.1 nobody\r\n", OutcomeKind::kFailed, SmtpStage::kFinalDot, BounceClass::kHard},
};

INSTANTIATE_TEST_SUITE_P(Table, Refusals, ::testing::Combine(::testing::ValuesIn(kRefusals), ::testing::Bool()),
                         [](const auto& test) {
                           return absl::StrCat(std::get<0>(test.param).name,
                                               std::get<1>(test.param) ? "Pipelined" : "StepByStep");
                         });

TEST(SmtpRoute, EachRecipientHasAnAnswerOfTheirOwn) {
  for (const bool lenient : {true, false}) {
    SmtpSink sink({.lenient_data = lenient});
    sink.RefuseRecipient("reader2@example.com", "550 5.1.1 nobody\r\n");
    sink.RefuseRecipient("reader4@example.com", "452 4.2.2 full\r\n");
    SmtpRoute route(To(sink));
    EXPECT_THAT(route.Send(Letters(5), InTime()),
                ElementsAre(Is(OutcomeKind::kSent), AllOf(Is(OutcomeKind::kFailed), Bounces(BounceClass::kHard)),
                            Is(OutcomeKind::kSent), AllOf(Is(OutcomeKind::kDeferred), Bounces(BounceClass::kSoft)),
                            Is(OutcomeKind::kSent)));
    EXPECT_THAT(sink.messages(), SizeIs(3));
    EXPECT_THAT(sink.violations(), IsEmpty());
    EXPECT_EQ(sink.connections(), 1);
  }
}

// A server that refuses MAIL, takes RCPT and says 354 would send an empty message at a lone dot.
TEST(SmtpRoute, HandsNothingToAServerThatContradictsItself) {
  SmtpSink sink;
  sink.Set(At::kMail, {.act = Act::kReply, .text = "550 5.7.1 no\r\n"});
  sink.Set(At::kRcpt, {.act = Act::kReply, .text = "250 ok\r\n"});
  sink.Set(At::kData, {.act = Act::kReply, .text = "354 go on\r\n"});
  SmtpRoute route(To(sink));
  EXPECT_THAT(SendOne(route), IsAt(OutcomeKind::kFailed, SmtpStage::kMail, 550));
  EXPECT_THAT(sink.messages(), IsEmpty());
}

}  // namespace
}  // namespace masthead::notifications::mail

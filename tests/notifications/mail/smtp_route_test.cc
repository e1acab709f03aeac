// What the engine hands over, over which connections, and what never reaches the wire (S10).
#include "services/notifications/mail/smtp_route.h"

#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/notifications/mail/smtp_route_testing.h"
#include "tests/notifications/mail/smtp_sink.h"

namespace masthead::notifications::mail {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using At = SmtpSink::At;
using Act = SmtpSink::Act;

TEST(SmtpRoute, HandsOverEachLetterOnceAndUnchanged) {
  for (const bool pipelining : {true, false}) {
    SmtpSink sink(pipelining ? SmtpSink::Options() : SmtpSink::Options{.extensions = {"8BITMIME"}});
    SmtpRouteOptions options = To(sink);
    options.max_connections = 4;
    SmtpRoute route(options);
    const std::vector<Outcome> outcomes = route.Send(Letters(64), InTime());
    ASSERT_THAT(outcomes, SizeIs(64));
    std::map<std::string, std::string> received;
    for (const SmtpSink::Message& message : sink.messages())
      EXPECT_TRUE(received.emplace(message.rcpt_to, message.bytes).second) << message.rcpt_to;
    for (int64_t i = 0; i < 64; ++i) {
      EXPECT_THAT(outcomes[static_cast<size_t>(i)],
                  AllOf(IsAt(OutcomeKind::kSent, SmtpStage::kFinalDot, 250), Field(&Outcome::id, i + 1)));
      EXPECT_EQ(received[LetterTo(i + 1).rcpt_to], LetterTo(i + 1).bytes);
    }
    EXPECT_THAT(sink.violations(), IsEmpty());
  }
}

TEST(SmtpRoute, KeepsItsConnectionsFromWindowToWindow) {
  SmtpSink sink;
  SmtpRoute route(To(sink));
  for (int window = 0; window < 5; ++window)
    EXPECT_THAT(route.Send(Letters(3, window * 3), InTime()), Each(Is(OutcomeKind::kSent)));
  EXPECT_EQ(sink.connections(), 1);
  EXPECT_THAT(sink.messages(), SizeIs(15));
}

TEST(SmtpRoute, OpensNoMoreConnectionsThanLetters) {
  SmtpSink sink;
  SmtpRouteOptions options = To(sink);
  options.max_connections = 8;
  SmtpRoute route(options);
  route.Send(Letters(1), InTime());
  EXPECT_EQ(sink.connections(), 1);
}

TEST(SmtpRoute, RenewsAConnectionThatHasCarriedItsShare) {
  SmtpSink sink;
  SmtpRouteOptions options = To(sink);
  options.max_messages_per_connection = 4;
  SmtpRoute route(options);
  EXPECT_THAT(route.Send(Letters(10), InTime()), Each(Is(OutcomeKind::kSent)));
  EXPECT_EQ(sink.connections(), 3);
  EXPECT_THAT(sink.commands(), Contains("QUIT"));
}

TEST(SmtpRoute, SaysGoodbyeToIdleConnections) {
  SmtpSink sink;
  SmtpRoute route(To(sink));
  SendOne(route);
  route.CloseIdle(absl::ZeroDuration());
  EXPECT_THAT(SendOne(route), Is(OutcomeKind::kSent));
  EXPECT_EQ(sink.connections(), 2);
}

TEST(SmtpRoute, NothingIsLostWhenTheServerClosedAnIdleConnection) {
  SmtpSink sink;
  SmtpRoute route(To(sink));
  SendOne(route);
  sink.Set(At::kMail,
           {.act = Act::kReset, .times = 1});  // The connection turns out to be dead as the next letter uses it.
  EXPECT_THAT(SendOne(route), Is(OutcomeKind::kSent));
  EXPECT_EQ(sink.connections(), 2);
}

TEST(SmtpRoute, SmugglesNothing) {
  SmtpSink sink;
  SmtpRoute route(To(sink));
  std::vector<Envelope> window = Letters(4);
  window[0].bytes = "a\r\n\r\nb\n.\nMAIL FROM:<x@y.example>\r\n";
  window[1].bytes = "a\r\n\r\nb\r.\rMAIL FROM:<x@y.example>\r\n";
  window[2].rcpt_to = "a@b.example>\r\nRCPT TO:<c@d.example";
  EXPECT_THAT(route.Send(std::move(window), InTime()), ElementsAre(Is(OutcomeKind::kFailed), Is(OutcomeKind::kFailed),
                                                                   Is(OutcomeKind::kFailed), Is(OutcomeKind::kSent)));
  EXPECT_THAT(sink.messages(), SizeIs(1));
  EXPECT_THAT(sink.violations(), IsEmpty());
}

TEST(SmtpRoute, TheNameItGreetsWithIsNoCommand) {
  SmtpSink sink;
  for (const char* name : {"", "a\r\nMAIL FROM:<x@y>", "a b", "a\n", "a<b>"}) {
    SmtpRouteOptions options = To(sink);
    options.ehlo_name = name;
    EXPECT_FALSE(SmtpRoute::Check(options).ok()) << name;
    SmtpRoute route(options);
    EXPECT_THAT(SendOne(route), Is(OutcomeKind::kDeferred));
  }
  EXPECT_EQ(sink.connections(), 0);
}

TEST(SmtpRoute, AnAddressBeyondAsciiGoesOnlyWhereItIsTaken) {
  Envelope envelope = LetterTo(1);
  envelope.rcpt_to = "Новини@example.com";
  SmtpSink modern;
  SmtpRoute there(To(modern));
  EXPECT_THAT(there.Send({envelope}, InTime()), ElementsAre(Is(OutcomeKind::kSent)));
  EXPECT_THAT(modern.commands(), Contains(AllOf(StartsWith("MAIL"), HasSubstr(" SMTPUTF8"))));
  SmtpSink old({.extensions = {"PIPELINING"}});
  SmtpRoute here(To(old));
  EXPECT_THAT(here.Send({envelope}, InTime()),
              ElementsAre(AllOf(Is(OutcomeKind::kFailed), Bounces(BounceClass::kPolicy))));
  EXPECT_THAT(old.commands(), Not(Contains(StartsWith("MAIL"))));
}

}  // namespace
}  // namespace masthead::notifications::mail

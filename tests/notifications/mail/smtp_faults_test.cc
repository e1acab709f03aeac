// The outcome of every envelope where connections end, servers are silent or talk nonsense.
#include <map>
#include <random>

#include "absl/strings/str_cat.h"
#include "common/failpoint/failpoint.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/notifications/mail/smtp_route.h"
#include "tests/notifications/mail/smtp_route_testing.h"
#include "tests/notifications/mail/smtp_sink.h"

namespace masthead::notifications::mail {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using At = SmtpSink::At;
using Act = SmtpSink::Act;

TEST(SmtpRoute, AnAcknowledgementThatIsLostLeavesTheOutcomeUncertain) {
  for (const Act act : {Act::kDrop, Act::kReset, Act::kHalfClose, Act::kHang}) {
    SmtpSink sink;
    sink.Set(At::kFinalDot, {.act = act, .times = 1});
    SmtpRoute route(To(sink));
    const std::vector<Outcome> outcomes = route.Send(Letters(3), InTime());
    EXPECT_THAT(outcomes, ElementsAre(IsAt(OutcomeKind::kUncertain, SmtpStage::kFinalDot, 0), Is(OutcomeKind::kSent),
                                      Is(OutcomeKind::kSent)));
    EXPECT_THAT(sink.messages(), SizeIs(3)) << "the uncertain one was kept, and not sent twice";
  }
}

TEST(SmtpRoute, AConnectionLostInsideAMessageMeansNotSent) {
  SmtpSink sink;
  sink.Set(At::kBody, {.act = Act::kReset, .delay = absl::Milliseconds(20)});
  SmtpRoute route(To(sink));
  // More than the kernel takes before the reset.
  std::vector<Envelope> window = Letters(1);
  for (int i = 0; i < 130'000; ++i)
    window[0].bytes += "Sixty-odd bytes of a very long letter that nobody will ever read.\r\n";
  EXPECT_THAT(route.Send(std::move(window), InTime()), ElementsAre(IsAt(OutcomeKind::kNotSent, SmtpStage::kData, 0)));
  EXPECT_THAT(sink.messages(), IsEmpty());
}

TEST(SmtpRoute, AServerThatStopsReadingMeansNotSent) {
  SmtpSink sink;
  sink.Set(At::kBody, {.act = Act::kHang});
  SmtpRoute route(To(sink));
  std::vector<Envelope> window = Letters(1);
  for (int i = 0; i < 130'000; ++i)
    window[0].bytes += "Sixty-odd bytes of a very long letter that nobody will ever read.\r\n";
  EXPECT_THAT(route.Send(std::move(window), InTime()), ElementsAre(Is(OutcomeKind::kNotSent)));
}

TEST(SmtpRoute, AConnectionLostBeforeTheMessageMeansNotSent) {
  for (const At at : {At::kMail, At::kRcpt, At::kData}) {
    for (const Act act : {Act::kDrop, Act::kReset, Act::kHalfClose, Act::kHang}) {
      SmtpSink sink;
      sink.Set(at, {.act = act});
      SmtpRoute route(To(sink));
      EXPECT_THAT(SendOne(route), Is(OutcomeKind::kNotSent));
      EXPECT_THAT(sink.messages(), IsEmpty());
      EXPECT_LE(sink.connections(), 2);
    }
  }
}

TEST(SmtpRoute, AServerThatCannotBeHadDefersEverything) {
  for (const At at : {At::kBanner, At::kEhlo}) {
    for (const Act act : {Act::kDrop, Act::kReset, Act::kHalfClose, Act::kHang}) {
      SmtpSink sink;
      sink.Set(at, {.act = act});
      SmtpRouteOptions options = To(sink);
      options.max_connections = 4;
      SmtpRoute route(options);
      EXPECT_THAT(route.Send(Letters(10), InTime()), Each(Is(OutcomeKind::kDeferred)));
      EXPECT_LE(sink.connections(), 4) << "gives up, instead of connecting once a letter";
    }
  }
}

TEST(SmtpRoute, AnAddressNobodyListensAtDefersEverything) {
  SmtpRouteOptions options;
  {
    const SmtpSink gone;
    options = To(gone);
  }
  SmtpRoute route(options);
  EXPECT_THAT(route.Send(Letters(10), InTime()), Each(IsAt(OutcomeKind::kDeferred, SmtpStage::kConnect, 0)));
  options.host = "no-such-host.invalid";
  SmtpRoute nowhere(options);
  EXPECT_THAT(nowhere.Send(Letters(2), InTime()), Each(IsAt(OutcomeKind::kDeferred, SmtpStage::kConnect, 0)));
}

TEST(SmtpRoute, TriesTheOtherAddressesOfAHost) {
  const SmtpSink sink;  // At 127.0.0.1 alone; localhost is often ::1 first.
  SmtpRouteOptions options = To(sink);
  options.host = "localhost";
  options.max_connections = 4;
  SmtpRoute route(options);
  EXPECT_THAT(route.Send(Letters(20), InTime()), Each(Is(OutcomeKind::kSent)));
}

TEST(SmtpRoute, TheConnectionsAServerTakesCarryTheWindow) {
  SmtpSink sink;
  sink.Set(At::kBanner, {.act = Act::kReplyDrop, .text = "421 4.7.0 too many connections\r\n", .after = 2});
  SmtpRouteOptions options = To(sink);
  options.max_connections = 8;
  SmtpRoute route(options);
  EXPECT_THAT(route.Send(Letters(64), InTime()), Each(Is(OutcomeKind::kSent)));
}

TEST(SmtpRoute, StopsAtTheDeadline) {
  SmtpSink sink;
  sink.Set(At::kFinalDot, {.act = Act::kHang, .after = 2});
  SmtpRouteOptions options = To(sink);
  options.timeouts.final_dot = absl::Minutes(10);
  SmtpRoute route(options);
  const absl::Time start = absl::Now();
  EXPECT_THAT(route.Send(Letters(5), start + absl::Milliseconds(300)),
              ElementsAre(Is(OutcomeKind::kSent), Is(OutcomeKind::kSent), Is(OutcomeKind::kUncertain),
                          Is(OutcomeKind::kNotSent), Is(OutcomeKind::kNotSent)));
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
  EXPECT_THAT(route.Send(Letters(2), absl::Now() - absl::Seconds(1)), Each(Is(OutcomeKind::kNotSent)));
}

TEST(SmtpRoute, ASlowServerIsWaitedFor) {
  SmtpSink sink;
  sink.Set(At::kFinalDot, {.act = Act::kReply, .delay = absl::Milliseconds(100)});
  SmtpRoute route(To(sink));
  EXPECT_THAT(route.Send(Letters(3), InTime()), Each(Is(OutcomeKind::kSent)));
}

TEST(SmtpRoute, WhatIsNoReplyCountsAs421BeforeTheDotAndIsUncertainAfterIt) {
  const std::string replies[] = {"hello\r\n",          "250 ok\n",   std::string("250 \0\r\n", 7),
                                 "250-a\r\n251 b\r\n", "999 no\r\n", "250 " + std::string(100'000, 'x') + "\r\n"};
  for (const std::string& reply : replies) {
    for (const At at : {At::kBanner, At::kEhlo, At::kMail, At::kRcpt, At::kData, At::kFinalDot}) {
      SmtpSink sink;
      sink.Set(at, {.act = Act::kReply, .text = reply});
      SmtpRoute route(To(sink));
      const Outcome outcome = SendOne(route);
      EXPECT_THAT(outcome, Is(at == At::kFinalDot ? OutcomeKind::kUncertain : OutcomeKind::kDeferred));
      EXPECT_LE(outcome.text.size(), 512u);
    }
  }
}

TEST(SmtpRoute, AnEndlessReplyCostsLittleAndEnds) {
  SmtpSink sink;
  std::string reply;
  while (reply.size() < 10'000'000) reply += "250-and so on\r\n";
  sink.Set(At::kRcpt, {.act = Act::kReply, .text = reply});
  SmtpRoute route(To(sink));
  EXPECT_THAT(SendOne(route), Is(OutcomeKind::kDeferred));
}

// A law, whatever happens and whenever: one outcome each; what is sent was kept once, what is not sent was not kept,
// nothing was kept twice.
TEST(SmtpRoute, TellsTheTruthUnderRandomFaults) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  const auto any = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  constexpr const char* kReplies[] = {"",          "421 4.3.2 x\r\n", "450 x\r\n",   "550 5.1.1 x\r\n",
                                      "250 x\r\n", "354 x\r\n",       "nonsense\r\n"};
  for (int round = 0; round < 40; ++round) {
    SmtpSink::Options options;
    options.lenient_data = any(2) == 0;
    if (any(3) == 0) options.extensions.erase(options.extensions.begin());
    SmtpSink sink(options);
    std::string faults;
    for (int i = any(4); i >= 0; --i) {
      const At at = static_cast<At>(any(9));
      SmtpSink::Fault fault{
          .act = static_cast<Act>(any(6)), .text = kReplies[any(7)], .times = 1 + any(3), .after = any(12)};
      // A sink that lies about having kept a message, or answers twice or too early, is no ground to judge from.
      const bool speaks = fault.act == Act::kReply || fault.act == Act::kReplyDrop;
      if (at == At::kFinalDot && speaks) fault.text.clear();
      if (at == At::kBody && speaks) continue;
      absl::StrAppend(&faults, " at ", static_cast<int>(at), " act ", static_cast<int>(fault.act), " after ",
                      fault.after, " times ", fault.times, " ", fault.text);
      sink.Set(at, fault);
    }
    SCOPED_TRACE(absl::StrCat("round ", round, faults));
    SmtpRouteOptions route_options = To(sink);
    route_options.max_connections = static_cast<size_t>(1 + any(4));
    route_options.timeouts.final_dot = route_options.timeouts.command = absl::Milliseconds(50);
    SmtpRoute route(route_options);
    std::map<std::string, OutcomeKind> told;
    for (int window = 0; window < 3; ++window) {
      const std::vector<Envelope> letters = Letters(8, window * 8);
      const std::vector<Outcome> outcomes = route.Send(letters, InTime());
      ASSERT_THAT(outcomes, SizeIs(8));
      for (size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(outcomes[i].id, letters[i].id);
        told[letters[i].rcpt_to] = outcomes[i].kind;
      }
    }
    std::map<std::string, int> kept;
    for (const SmtpSink::Message& message : sink.messages()) ++kept[message.rcpt_to];
    for (const auto& [reader, kind] : told) {
      if (kind != OutcomeKind::kUncertain) {
        EXPECT_EQ(kept[reader], kind == OutcomeKind::kSent ? 1 : 0) << reader;
      }
      EXPECT_LE(kept[reader], 1) << reader;
    }
    EXPECT_EQ(told.size(), 24u);
  }
}

TEST(SmtpRoute, FailingBeforeTheTerminatorKeepsNothing) {
  SmtpSink sink;
  SmtpRoute route(To(sink));
  {
    const failpoint::ScopedFailpoints armed("smtp.final_dot=throw@2");
    EXPECT_THROW(route.Send(Letters(3), InTime()), failpoint::InjectedFailure);
  }
  EXPECT_THAT(sink.messages(), SizeIs(1));
  EXPECT_THAT(SendOne(route), Is(OutcomeKind::kSent)) << "the route is of use afterwards";
}

TEST(SmtpRoute, FailingAfterTheTerminatorHasHandedItOver) {
  SmtpSink sink;
  SmtpRoute route(To(sink));
  {
    const failpoint::ScopedFailpoints armed("smtp.final_dot=done_then_throw@1");
    EXPECT_THROW(route.Send(Letters(1), InTime()), failpoint::InjectedFailure);
  }
  EXPECT_THAT(SendOne(route), Is(OutcomeKind::kSent));
  EXPECT_TRUE(sink.AwaitMessages(2));
}

}  // namespace
}  // namespace masthead::notifications::mail

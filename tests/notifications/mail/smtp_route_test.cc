// The outcome of every envelope, whatever a server does (notifications.md 5.4; the faults 40 to 46).
#include "services/notifications/mail/smtp_route.h"

#include <map>
#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/notifications/mail/smtp_sink.h"

namespace masthead::notifications::mail {

void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << "{" << outcome.id << " kind " << static_cast<int>(outcome.kind) << " bounce "
       << static_cast<int>(outcome.bounce) << " at " << SmtpStageName(outcome.stage) << " " << outcome.code << " "
       << outcome.enhanced.ToString() << " " << outcome.text << "}";
}

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

auto Is(OutcomeKind kind) { return Field("kind", &Outcome::kind, kind); }
auto IsAt(OutcomeKind kind, SmtpStage stage, int code) {
  return AllOf(Is(kind), Field("stage", &Outcome::stage, stage), Field("code", &Outcome::code, code));
}
auto Bounces(BounceClass bounce) { return Field("bounce", &Outcome::bounce, bounce); }

SmtpRouteOptions To(const SmtpSink& sink) {
  SmtpRouteOptions options;
  options.host = "127.0.0.1";
  options.port = sink.port();
  options.tls = SmtpTls::kNone;
  options.max_connections = 1;
  const absl::Duration soon = absl::Milliseconds(300);
  options.timeouts = {.connect = soon, .banner = soon, .command = soon, .data_block = soon, .final_dot = soon};
  return options;
}

Envelope Letter(int64_t id) {
  return {.id = id,
          .mail_from = "desk@news.example",
          .rcpt_to = absl::StrCat("reader", id, "@example.com"),
          .bytes = absl::StrCat("Subject: ", id, "\r\n\r\n.\r\n..two\r\ntext ", id, "\r\n")};
}

std::vector<Envelope> Letters(int count, int64_t first = 1) {
  std::vector<Envelope> window;
  for (int i = 0; i < count; ++i) window.push_back(Letter(first + i));
  return window;
}

absl::Time InTime() { return absl::Now() + absl::Seconds(30); }

Outcome SendOne(SmtpRoute& route) { return route.Send(Letters(1), InTime()).at(0); }

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
      EXPECT_EQ(received[Letter(i + 1).rcpt_to], Letter(i + 1).bytes);
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

// --- Refusals, stage by stage ---

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

// --- Connections that end, and servers that say nothing (43, 44, 45) ---

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

// --- Replies that are none (46) ---

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

// --- What must never reach the wire (S10) ---

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
  Envelope envelope = Letter(1);
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
      // A sink that lies about having kept a message, or answers twice, is no ground to judge from.
      if (at == At::kFinalDot && (fault.act == Act::kReply || fault.act == Act::kReplyDrop)) fault.text.clear();
      if (at == At::kBody && fault.act == Act::kReply) continue;
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

}  // namespace
}  // namespace masthead::notifications::mail

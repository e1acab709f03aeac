// Over TLS or not at all, where a route requires it.
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/notifications/mail/smtp_route.h"
#include "tests/notifications/mail/smtp_sink.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificates.h"

namespace masthead::notifications::mail {
namespace {

using ::masthead::testing::TestCertificate;
using ::masthead::testing::TestCertificateAuthority;
using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using At = SmtpSink::At;
using Act = SmtpSink::Act;

class SmtpTlsTest : public ::testing::Test {
 protected:
  SmtpTlsTest() { std::ofstream(authority_file_) << authority_.certificate_pem(); }

  static SmtpSink::Options With(const TestCertificate& certificate) {
    return {.certificate_pem = certificate.certificate_pem, .key_pem = certificate.key_pem};
  }

  SmtpRouteOptions To(const SmtpSink& sink, SmtpTls tls) const {
    SmtpRouteOptions options;
    options.host = "127.0.0.1";
    options.port = sink.port();
    options.tls = tls;
    options.tls_ca_file = authority_file_;
    options.max_connections = 2;
    return options;
  }

  static std::vector<Outcome> Send(SmtpRoute& route, int count = 10) {
    std::vector<Envelope> window;
    for (int i = 0; i < count; ++i) {
      window.push_back({.id = i,
                        .mail_from = "desk@news.example",
                        .rcpt_to = "reader@example.com",
                        .bytes = "Subject: a\r\n\r\n" + std::string(900, 'b') + "\r\n"});
    }
    return route.Send(std::move(window), absl::Now() + absl::Seconds(20));
  }

  static void ExpectNothingLeft(const SmtpSink& sink, const std::vector<Outcome>& outcomes) {
    EXPECT_THAT(outcomes, Each(Field(&Outcome::kind, OutcomeKind::kDeferred)));
    EXPECT_THAT(sink.messages(), IsEmpty());
    EXPECT_THAT(sink.commands(), Not(Contains(StartsWith("MAIL"))));
  }

  TestCertificateAuthority authority_;
  const masthead::testing::TemporaryFolder folder_;
  const std::string authority_file_ = folder_ / "authority.pem";
};

TEST_F(SmtpTlsTest, LettersGoEncryptedToTheServerTheyAreMeantFor) {
  SmtpSink sink(With(authority_.Issue("sink", {"127.0.0.1"})));
  SmtpRoute route(To(sink, SmtpTls::kRequired));
  for (int window = 0; window < 3; ++window) EXPECT_THAT(Send(route), Each(Field(&Outcome::kind, OutcomeKind::kSent)));
  EXPECT_THAT(sink.messages(), SizeIs(30));
  EXPECT_THAT(sink.messages(), Each(Field(&SmtpSink::Message::encrypted, true)));
  EXPECT_LE(sink.connections(), 2);
}

TEST_F(SmtpTlsTest, TheNameMayBeAnotherThanTheHost) {
  SmtpSink sink(With(authority_.Issue("sink", {"smtp.news.example"})));
  SmtpRouteOptions options = To(sink, SmtpTls::kRequired);
  options.tls_name = "smtp.news.example";
  SmtpRoute route(options);
  EXPECT_THAT(Send(route), Each(Field(&Outcome::kind, OutcomeKind::kSent)));
}

TEST_F(SmtpTlsTest, NothingGoesToACertificateOfAnotherName) {
  SmtpSink sink(With(authority_.Issue("sink", {"smtp.other.example"})));
  SmtpRoute route(To(sink, SmtpTls::kRequired));
  ExpectNothingLeft(sink, Send(route));
}

TEST_F(SmtpTlsTest, NothingGoesToACertificateOfAnotherAuthority) {
  SmtpSink sink(With(TestCertificateAuthority().Issue("sink", {"127.0.0.1"})));
  SmtpRoute route(To(sink, SmtpTls::kRequired));
  const std::vector<Outcome> outcomes = Send(route);
  ExpectNothingLeft(sink, outcomes);
  EXPECT_THAT(outcomes, Each(Field(&Outcome::text, HasSubstr("TLS"))));
}

TEST_F(SmtpTlsTest, NothingGoesToACertificateThatHasExpired) {
  SmtpSink sink(With(authority_.Issue("sink", {"127.0.0.1"}, {}, -absl::Hours(1))));
  SmtpRoute route(To(sink, SmtpTls::kRequired));
  ExpectNothingLeft(sink, Send(route));
}

TEST_F(SmtpTlsTest, NothingGoesWhereStartTlsWasStripped) {
  SmtpSink sink;
  SmtpRoute route(To(sink, SmtpTls::kRequired));
  ExpectNothingLeft(sink, Send(route));
}

TEST_F(SmtpTlsTest, NothingGoesWhereStartTlsIsRefused) {
  SmtpSink sink(With(authority_.Issue("sink", {"127.0.0.1"})));
  for (const char* reply : {"454 4.7.0 not now\r\n", "501 5.5.4 no\r\n", "nonsense\r\n"}) {
    sink.Set(At::kStartTls, {.act = Act::kReply, .text = reply});
    SmtpRouteOptions options = To(sink, SmtpTls::kRequired);
    options.timeouts.command = absl::Milliseconds(200);
    SmtpRoute route(options);
    ExpectNothingLeft(sink, Send(route));
  }
}

TEST_F(SmtpTlsTest, WordsSaidBeforeTheHandshakeAreNotTheServers) {
  SmtpSink sink(With(authority_.Issue("sink", {"127.0.0.1"})));
  sink.Set(At::kStartTls, {.act = Act::kReply, .text = "220 go on\r\n250 injected\r\n"});
  SmtpRoute route(To(sink, SmtpTls::kRequired));
  ExpectNothingLeft(sink, Send(route));
}

TEST_F(SmtpTlsTest, AnOpportunisticRouteEncryptsWhoeverAnswers) {
  SmtpSink sink(With(TestCertificateAuthority().Issue("sink", {"smtp.other.example"})));
  SmtpRoute route(To(sink, SmtpTls::kOpportunistic));
  EXPECT_THAT(Send(route), Each(Field(&Outcome::kind, OutcomeKind::kSent)));
  EXPECT_THAT(sink.messages(), Each(Field(&SmtpSink::Message::encrypted, true)));
}

TEST_F(SmtpTlsTest, AnOpportunisticRouteDoesWithout) {
  SmtpSink plain;
  SmtpRoute route(To(plain, SmtpTls::kOpportunistic));
  EXPECT_THAT(Send(route), Each(Field(&Outcome::kind, OutcomeKind::kSent)));

  // It is offered, and the handshake fails: the sink has no certificate and goes on in the clear.
  SmtpSink broken({.extensions = {"PIPELINING", "STARTTLS"}});
  SmtpRouteOptions options = To(broken, SmtpTls::kOpportunistic);
  options.timeouts.command = absl::Milliseconds(200);
  broken.Set(At::kStartTls, {.act = Act::kReply, .text = "220 go on\r\n"});
  SmtpRoute stubborn(options);
  EXPECT_THAT(Send(stubborn), Each(Field(&Outcome::kind, OutcomeKind::kSent)));
}

TEST_F(SmtpTlsTest, ARouteWithoutItsAuthoritiesIsFoundOutAtTheStart) {
  SmtpRouteOptions options;
  options.host = "127.0.0.1";
  options.tls_ca_file = "/nowhere.pem";
  EXPECT_FALSE(SmtpRoute::Check(options).ok());
}

TEST_F(SmtpTlsTest, AnAcknowledgementLostInsideTlsIsUncertain) {
  SmtpSink sink(With(authority_.Issue("sink", {"127.0.0.1"})));
  sink.Set(At::kFinalDot, {.act = Act::kDrop, .times = 1});
  SmtpRouteOptions options = To(sink, SmtpTls::kRequired);
  options.max_connections = 1;
  SmtpRoute route(options);
  const std::vector<Outcome> outcomes = Send(route, 3);
  EXPECT_EQ(outcomes[0].kind, OutcomeKind::kUncertain);
  EXPECT_EQ(outcomes[1].kind, OutcomeKind::kSent);
  EXPECT_THAT(sink.messages(), SizeIs(3));
}

TEST_F(SmtpTlsTest, AServerThatAsksIsToldWhoWeAre) {
  for (const char* mechanisms : {"PLAIN", "LOGIN", "CRAM-MD5 login plain"}) {
    SmtpSink::Options asks = With(authority_.Issue("sink", {"127.0.0.1"}));
    asks.user = "newsroom";
    asks.password = "a secret";
    asks.mechanisms = mechanisms;
    SmtpSink sink(asks);
    SmtpRouteOptions options = To(sink, SmtpTls::kRequired);
    options.user = "newsroom";
    options.password = "a secret";
    SmtpRoute route(options);
    EXPECT_THAT(Send(route), Each(Field(&Outcome::kind, OutcomeKind::kSent))) << mechanisms;
    EXPECT_THAT(sink.violations(), IsEmpty());
  }
}

TEST_F(SmtpTlsTest, LettersWaitWhileTheServerDoesNotTakeOurPassword) {
  SmtpSink::Options asks = With(authority_.Issue("sink", {"127.0.0.1"}));
  asks.user = "newsroom";
  asks.password = "another one";
  SmtpSink sink(asks);
  SmtpRouteOptions options = To(sink, SmtpTls::kRequired);
  options.user = "newsroom";
  options.password = "a secret";
  SmtpRoute route(options);
  const std::vector<Outcome> outcomes = Send(route);
  ExpectNothingLeft(sink, outcomes);
  EXPECT_THAT(outcomes, Each(Field(&Outcome::stage, SmtpStage::kAuth)));
  EXPECT_THAT(outcomes, Each(Field(&Outcome::text, HasSubstr("who are you?"))));
}

TEST_F(SmtpTlsTest, APasswordIsNeverSaidInTheClear) {
  SmtpSink sink({.extensions = {"PIPELINING", "AUTH PLAIN LOGIN"}});
  for (const SmtpTls tls : {SmtpTls::kNone, SmtpTls::kOpportunistic}) {
    SmtpRouteOptions options = To(sink, tls);
    options.user = "newsroom";
    options.password = "a secret";
    EXPECT_EQ(SmtpRoute::Check(options).code(), absl::StatusCode::kInvalidArgument);
  }
  SmtpRouteOptions options = To(sink, SmtpTls::kRequired);
  options.user = "newsroom";
  SmtpRoute route(options);
  ExpectNothingLeft(sink, Send(route));
  EXPECT_THAT(sink.commands(), Not(Contains(StartsWith("AUTH"))));
}

}  // namespace
}  // namespace masthead::notifications::mail

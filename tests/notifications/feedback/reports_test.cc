// Reports, read by a MIME library.
#include "tests/notifications/feedback/reports.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/notifications/feedback/abuse_report.h"
#include "services/notifications/feedback/delivery_status.h"
#include "services/notifications/feedback/feedback.h"
#include "tests/support/status_matchers.h"

namespace masthead::notifications {
namespace {

using absl::StatusCode;
using mail::BounceClass;
using ::masthead::testing::IsOk;
using ::masthead::testing::StatusIs;
using ::testing::Contains;
using ::testing::ElementsAre;

TEST(Dsn, SaysWhatBecameOfTheLetter) {
  struct Case {
    const char* fields;
    DeliveryStatus::Action action;
    BounceClass bounce;
  };
  using enum DeliveryStatus::Action;
  for (const Case& c : {
           Case{"Action: failed\nStatus: 5.1.1\n", kFailed, BounceClass::kHard},
           Case{"Action: failed\nStatus: 4.4.7\n", kFailed, BounceClass::kSoft},
           Case{"Action: failed\nStatus: 5.2.2\n", kFailed, BounceClass::kSoft},
           Case{"Action: failed\nStatus: 5.7.1\n", kFailed, BounceClass::kPolicy},
           Case{"action: FAILED (after three days)\nStatus: 5.0.0\n", kFailed, BounceClass::kSoft},
           Case{"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550-5.1.1 gone\n", kFailed, BounceClass::kHard},
           Case{"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 no such user\n", kFailed,
                BounceClass::kHard},
           Case{"Action: failed\n", kFailed, BounceClass::kSoft},
           Case{"Action: delayed\nStatus: 4.4.1\n", kOther, BounceClass::kNone},
           Case{"Action: relayed\nStatus: 2.0.0\n", kOther, BounceClass::kNone},
           Case{"Action: delivered\nStatus: 2.0.0\n", kDelivered, BounceClass::kNone},
       }) {
    const absl::StatusOr<DeliveryStatus> status = ReadDeliveryStatus(Dsn("bounces@news.example", c.fields));
    ASSERT_THAT(status, IsOk()) << c.fields;
    EXPECT_EQ(status->action, c.action) << c.fields;
    EXPECT_EQ(status->bounce, c.bounce) << c.fields;
  }
}

TEST(Dsn, KeepsWhatTheServerSaidAndNothingUnprintable) {
  const auto status = ReadDeliveryStatus(Dsn("bounces@news.example",
                                             "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1\n"
                                             "    no such\tuser \xd0\x9e\xff\n"));
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->smtp_code, 550);
  EXPECT_EQ(status->enhanced_code, "5.1.1");
  EXPECT_THAT(status->text, ::testing::StartsWith("550 5.1.1 no such user "));
  for (const char c : status->text) EXPECT_TRUE(c >= ' ' && c <= '~');
}

TEST(Dsn, LeadsToTheReturnPathByItsHeadersAndByWhatItQuotes) {
  const auto status =
      ReadDeliveryStatus(Dsn("\"Bounces\" <bounces+one@news.example>", "Action: failed\nStatus: 5.1.1\n",
                             "Return-Path: <bounces+two@news.example>\n"));
  ASSERT_THAT(status, IsOk());
  EXPECT_THAT(status->clues.return_paths, ElementsAre("bounces+one@news.example", "bounces+two@news.example"));
}

TEST(Dsn, IsNothingElseThatComesToAReturnPath) {
  const std::string out_of_office = Crlf(
      "From: olha@readers.example\nTo: bounces@news.example\nSubject: Out of office: 5.1.1\n"
      "Auto-Submitted: auto-replied\n\nI am away.\nAction: failed\nStatus: 5.1.1\n");
  for (const std::string& mail :
       {out_of_office, std::string("\0\xff\xfe", 3), std::string("no mail at all"),
        Complaint("Feedback-Type: abuse\n", ""),
        Crlf("Content-Type: multipart/report; report-type=delivery-status\n\nno parts"),
        Crlf("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: "
             "message/delivery-status\n\nReporting-MTA: dns; mx\n\n--b--\n")}) {
    EXPECT_THAT(ReadDeliveryStatus(mail), StatusIs(StatusCode::kInvalidArgument, "FEEDBACK_UNREADABLE"));
  }
}

// Mail that was torn or spoilt on its way is read or refused, and nothing worse.
TEST(Dsn, MayBeSpoiltInAnyWay) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string whole = Dsn("bounces@news.example", "Action: failed\nStatus: 5.1.1\n");
  for (int i = 0; i < 2000; ++i) {
    std::string spoilt = whole.substr(0, random() % (whole.size() + 1));
    for (int change = 0; change < 4 && !spoilt.empty(); ++change)
      spoilt[random() % spoilt.size()] = static_cast<char>(random());
    const auto status = ReadDeliveryStatus(spoilt);
    if (!status.ok()) {
      EXPECT_THAT(status, StatusIs(StatusCode::kInvalidArgument, "FEEDBACK_UNREADABLE"));
    }
    static_cast<void>(ReadAbuseReport(spoilt));
  }
}

TEST(Dsn, OfADeepNestIsNoTrouble) {
  std::string mail = "Content-Type: multipart/report; report-type=delivery-status; boundary=b0\r\n\r\n";
  for (int i = 0; i < 5000; ++i) {
    absl::StrAppend(&mail, "--b", i, "\r\nContent-Type: multipart/mixed; boundary=b", i + 1, "\r\n\r\n");
  }
  EXPECT_THAT(ReadDeliveryStatus(mail), StatusIs(StatusCode::kInvalidArgument, "FEEDBACK_UNREADABLE"));
}

TEST(Arf, TellsComplaintsFromTheRest) {
  for (const char* type : {"abuse", "Abuse", "fraud", "opt-out"}) {
    const auto report = ReadAbuseReport(Complaint(absl::StrCat("Feedback-Type: ", type, "\n"), ""));
    ASSERT_THAT(report, IsOk());
    EXPECT_TRUE(report->complains) << type;
  }
  for (const char* type : {"not-spam", "virus", "other", "auth-failure", "unheard-of"}) {
    const auto report = ReadAbuseReport(Complaint(absl::StrCat("Feedback-Type: ", type, "\n"), ""));
    ASSERT_THAT(report, IsOk());
    EXPECT_FALSE(report->complains) << type;
  }
  EXPECT_THAT(ReadAbuseReport(Complaint("Source-IP: 192.0.2.1\n", "")),
              StatusIs(StatusCode::kInvalidArgument, "FEEDBACK_UNREADABLE"));
}

TEST(Arf, LeadsToTheReturnPathAndToTheUnsubscribeLink) {
  const auto report =
      ReadAbuseReport(Complaint("Feedback-Type: abuse\nOriginal-Mail-From: <bounces+one@news.example>\n",
                                "Return-Path: <bounces+two@news.example>\n"
                                "List-Unsubscribe: <https://news.example/u/TOKEN>\n"
                                "Feedback-ID: m1:breaking:alert:news.example\n"));
  ASSERT_THAT(report, IsOk());
  EXPECT_THAT(report->clues.return_paths, Contains("bounces+one@news.example"));
  EXPECT_THAT(report->clues.return_paths, Contains("bounces+two@news.example"));
  EXPECT_EQ(report->clues.list_unsubscribe, "<https://news.example/u/TOKEN>");
  EXPECT_EQ(report->clues.feedback_id, "m1:breaking:alert:news.example");
}

Feedback Bounce(BounceClass bounce) {
  return {.kind = Feedback::Kind::kBounced, .bounce = bounce, .enhanced_code = "", .text = ""};
}
DeliveryStanding After(const Feedback& feedback, const DeliveryStanding& before) {
  return EffectOf(feedback, before).standing.value_or(before);
}

TEST(Feedback, CountsOnceAndGetsNoMilder) {
  const DeliveryStanding sent = {.state = "SENT", .reason = "", .attempts = 1};
  const DeliveryStanding soft = After(Bounce(BounceClass::kSoft), sent);
  EXPECT_EQ(soft.state, "BOUNCED");
  EXPECT_EQ(soft.reason, "SOFT_BOUNCE");
  EXPECT_FALSE(EffectOf(Bounce(BounceClass::kSoft), soft).standing);
  EXPECT_EQ(EffectOf(Bounce(BounceClass::kSoft), soft).address, Effect::Address::kNothing) << "counted once";
  const DeliveryStanding hard = After(Bounce(BounceClass::kHard), soft);
  EXPECT_EQ(hard.reason, "HARD_BOUNCE");
  EXPECT_EQ(After(Bounce(BounceClass::kSoft), hard), hard);
  EXPECT_EQ(After(Bounce(BounceClass::kPolicy), hard), hard);
  EXPECT_EQ(After({.kind = Feedback::Kind::kDelivered, .enhanced_code = "", .text = ""}, hard), hard);
}

TEST(Feedback, OfTheSendersFaultSaysNothingAboutTheAddress) {
  const DeliveryStanding sent = {.state = "SENT", .reason = "", .attempts = 1};
  EXPECT_EQ(After(Bounce(BounceClass::kPolicy), sent).reason, "POLICY");
  EXPECT_EQ(EffectOf(Bounce(BounceClass::kPolicy), sent).address, Effect::Address::kNothing);
}

// Whatever the order, what is known in the end is the same.
TEST(Feedback, LeadsToTheSameInWhateverOrderItComes) {
  const Feedback complaint = {.kind = Feedback::Kind::kComplained, .enhanced_code = "", .text = ""};
  std::vector<Feedback> news = {Bounce(BounceClass::kHard), Bounce(BounceClass::kSoft), complaint};
  std::vector<size_t> order = {0, 1, 2};
  do {
    DeliveryStanding standing = {.state = "SENT", .reason = "", .attempts = 1};
    for (const size_t i : order) standing = After(news[i], standing);
    EXPECT_EQ(standing.state, "COMPLAINED");
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Feedback, IsNotBelievedOfALetterThatNeverLeft) {
  const DeliveryStanding waiting = {.state = "PENDING", .reason = "", .attempts = 0};
  EXPECT_FALSE(EffectOf(Bounce(BounceClass::kHard), waiting).standing);
  EXPECT_EQ(EffectOf(Bounce(BounceClass::kHard), waiting).address, Effect::Address::kNothing);
}

}  // namespace
}  // namespace masthead::notifications

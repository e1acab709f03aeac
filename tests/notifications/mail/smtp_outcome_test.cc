#include "services/notifications/mail/smtp_outcome.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace masthead::notifications::mail {

void PrintTo(const Verdict& verdict, std::ostream* out) {
  *out << "kind " << static_cast<int>(verdict.kind) << " bounce " << static_cast<int>(verdict.bounce);
}

namespace {

constexpr EnhancedCode kNoCode = {};
constexpr Verdict kSent = {OutcomeKind::kSent, BounceClass::kNone};
constexpr Verdict kUncertain = {OutcomeKind::kUncertain, BounceClass::kNone};
constexpr Verdict kDeferred = {OutcomeKind::kDeferred, BounceClass::kNone};
constexpr Verdict kDeferredSoft = {OutcomeKind::kDeferred, BounceClass::kSoft};
constexpr Verdict kDeferredPolicy = {OutcomeKind::kDeferred, BounceClass::kPolicy};
constexpr Verdict kFailed = {OutcomeKind::kFailed, BounceClass::kNone};
constexpr Verdict kHard = {OutcomeKind::kFailed, BounceClass::kHard};
constexpr Verdict kSoft = {OutcomeKind::kFailed, BounceClass::kSoft};
constexpr Verdict kPolicy = {OutcomeKind::kFailed, BounceClass::kPolicy};

struct Case {
  SmtpStage stage;
  int code;
  EnhancedCode enhanced;
  Verdict verdict;
};

constexpr Case kCases[] = {
    // Accepted: only the final dot can say so.
    {SmtpStage::kFinalDot, 250, {2, 0, 0}, kSent},
    {SmtpStage::kFinalDot, 250, kNoCode, kSent},
    {SmtpStage::kFinalDot, 251, kNoCode, kSent},
    {SmtpStage::kRcpt, 250, kNoCode, kDeferred},
    // Refused for now.
    {SmtpStage::kBanner, 421, kNoCode, kDeferred},
    {SmtpStage::kBanner, 450, kNoCode, kDeferred},
    {SmtpStage::kMail, 421, {4, 3, 2}, kDeferred},
    {SmtpStage::kMail, 450, kNoCode, kDeferred},
    {SmtpStage::kMail, 451, {4, 7, 1}, kDeferredPolicy},
    {SmtpStage::kRcpt, 450, kNoCode, kDeferred},
    {SmtpStage::kRcpt, 450, {4, 2, 0}, kDeferredSoft},
    {SmtpStage::kRcpt, 451, {4, 7, 1}, kDeferredPolicy},
    {SmtpStage::kRcpt, 452, {4, 2, 2}, kDeferredSoft},
    {SmtpStage::kRcpt, 452, kNoCode, kDeferredSoft},
    {SmtpStage::kData, 451, kNoCode, kDeferred},
    {SmtpStage::kFinalDot, 421, {4, 3, 2}, kDeferred},
    {SmtpStage::kFinalDot, 451, kNoCode, kDeferred},
    {SmtpStage::kFinalDot, 452, {4, 2, 2}, kDeferredSoft},
    {SmtpStage::kFinalDot, 452, {4, 3, 1}, kDeferred},
    // The reader's mailbox, said at RCPT.
    {SmtpStage::kRcpt, 550, {5, 1, 1}, kHard},
    {SmtpStage::kRcpt, 550, {5, 1, 2}, kHard},
    {SmtpStage::kRcpt, 553, {5, 1, 3}, kHard},
    {SmtpStage::kRcpt, 551, {5, 1, 6}, kHard},
    {SmtpStage::kRcpt, 556, {5, 1, 10}, kHard},
    {SmtpStage::kRcpt, 550, {5, 2, 1}, kHard},
    {SmtpStage::kRcpt, 550, kNoCode, kHard},
    {SmtpStage::kRcpt, 551, kNoCode, kHard},
    {SmtpStage::kRcpt, 553, kNoCode, kHard},
    {SmtpStage::kRcpt, 552, {5, 2, 2}, kSoft},
    {SmtpStage::kRcpt, 552, kNoCode, kSoft},
    {SmtpStage::kRcpt, 550, {5, 2, 4}, kSoft},
    // Said at RCPT, but not about the reader.
    {SmtpStage::kRcpt, 550, {5, 7, 1}, kPolicy},
    {SmtpStage::kRcpt, 550, {5, 7, 26}, kPolicy},
    {SmtpStage::kRcpt, 553, {5, 1, 8}, kPolicy},
    {SmtpStage::kRcpt, 553, {5, 1, 7}, kPolicy},
    {SmtpStage::kRcpt, 552, {5, 2, 3}, kPolicy},
    {SmtpStage::kRcpt, 554, kNoCode, kPolicy},
    {SmtpStage::kRcpt, 503, {5, 5, 1}, kPolicy},
    {SmtpStage::kRcpt, 500, kNoCode, kPolicy},
    {SmtpStage::kRcpt, 550, {5, 4, 1}, kFailed},
    {SmtpStage::kRcpt, 550, {5, 3, 0}, kFailed},
    {SmtpStage::kRcpt, 550, {5, 1, 0}, kFailed},
    // Never the reader's fault.
    {SmtpStage::kMail, 550, {5, 1, 1}, kPolicy},
    {SmtpStage::kMail, 550, kNoCode, kPolicy},
    {SmtpStage::kMail, 552, {5, 3, 4}, kPolicy},
    {SmtpStage::kData, 554, {5, 1, 1}, kPolicy},
    {SmtpStage::kData, 550, kNoCode, kPolicy},
    {SmtpStage::kFinalDot, 550, kNoCode, kPolicy},
    {SmtpStage::kFinalDot, 554, {5, 7, 1}, kPolicy},
    {SmtpStage::kFinalDot, 554, {5, 6, 0}, kPolicy},
    // One recipient a message: a dot with an enhanced code speaks about that one.
    {SmtpStage::kFinalDot, 550, {5, 1, 1}, kHard},
    {SmtpStage::kFinalDot, 552, {5, 2, 2}, kSoft},
    // Before MAIL it concerns the connection: the envelope may go later.
    {SmtpStage::kBanner, 554, {5, 7, 1}, kDeferredPolicy},
    {SmtpStage::kEhlo, 550, kNoCode, kDeferredPolicy},
    {SmtpStage::kStartTls, 501, kNoCode, kDeferredPolicy},
    // No answer at all.
    {SmtpStage::kMail, 354, kNoCode, kDeferred},
    {SmtpStage::kRcpt, 199, kNoCode, kDeferred},
    {SmtpStage::kData, 250, kNoCode, kDeferred},
    {SmtpStage::kData, 600, kNoCode, kDeferred},
    {SmtpStage::kFinalDot, 354, kNoCode, kUncertain},
    {SmtpStage::kFinalDot, 0, kNoCode, kUncertain},
    {SmtpStage::kFinalDot, 600, kNoCode, kUncertain},
};

TEST(ClassifyReply, FollowsTheTable) {
  for (const Case& c : kCases) {
    EXPECT_EQ(ClassifyReply(c.stage, c.code, c.enhanced), c.verdict)
        << absl::StrCat(std::string(SmtpStageName(c.stage)), " ", c.code, " ", c.enhanced.ToString());
  }
}

// A law: whatever a server says, only words about the reader's mailbox count as hard, and they come at RCPT or at the
// final dot.
TEST(ClassifyReply, NeverBlamesAReaderOutsideRcptAndTheFinalDot) {
  for (SmtpStage stage : {SmtpStage::kConnect, SmtpStage::kBanner, SmtpStage::kEhlo, SmtpStage::kStartTls,
                          SmtpStage::kMail, SmtpStage::kData}) {
    for (int code = 0; code < 1000; ++code) {
      for (int subject = 0; subject <= 7; ++subject) {
        const BounceClass bounce = ClassifyReply(stage, code, {code / 100, subject, 1}).bounce;
        EXPECT_TRUE(bounce != BounceClass::kHard && bounce != BounceClass::kSoft) << code;
      }
    }
  }
}

TEST(ClassifyReply, SentNeedsA2xxToTheFinalDot) {
  for (int code = -1; code < 1000; ++code) {
    for (SmtpStage stage : {SmtpStage::kMail, SmtpStage::kRcpt, SmtpStage::kData, SmtpStage::kFinalDot}) {
      const bool sent = ClassifyReply(stage, code, kNoCode).kind == OutcomeKind::kSent;
      EXPECT_EQ(sent, stage == SmtpStage::kFinalDot && code >= 200 && code < 300);
    }
  }
}

}  // namespace
}  // namespace masthead::notifications::mail

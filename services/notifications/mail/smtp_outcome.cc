#include "services/notifications/mail/smtp_outcome.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace masthead::notifications::mail {
namespace {

template <size_t kSize>
bool IsOneOf(int value, const int (&values)[kSize]) {
  return std::find(std::begin(values), std::end(values), value) != std::end(values);
}

// A permanent or transient enhanced code, of an answer that is about the reader.
BounceClass ClassOf(const EnhancedCode& enhanced, bool permanent) {
  switch (enhanced.subject) {
    case 1:
      // 7, 8 and 9 are about the sender's address (RFC 3463 section 3.2, RFC 7505).
      if (IsOneOf(enhanced.detail, {7, 8, 9})) return BounceClass::kPolicy;
      if (!permanent) return BounceClass::kSoft;
      // Bad mailbox, bad system, bad syntax, moved without an address, null MX.
      return IsOneOf(enhanced.detail, {1, 2, 3, 6, 10}) ? BounceClass::kHard : BounceClass::kNone;
    case 2:
      // 5.2.1 is a mailbox switched off; 5.2.2 is full, 5.2.3 too large a message, 5.2.4 a mailing list's trouble.
      return permanent && enhanced.detail == 1 ? BounceClass::kHard
             : enhanced.detail == 3            ? BounceClass::kPolicy
                                               : BounceClass::kSoft;
    case 5:  // Protocol
    case 6:  // Content
    case 7:  // Policy
      return BounceClass::kPolicy;
    default:  // Systems, networks and routes
      return BounceClass::kNone;
  }
}

BounceClass ClassAtRcpt(int code, const EnhancedCode& enhanced) {
  const bool permanent = code >= 500;
  if (enhanced.present()) return ClassOf(enhanced, permanent);
  if (code == 452 || code == 552) return BounceClass::kSoft;
  if (IsOneOf(code, {550, 551, 553})) return BounceClass::kHard;
  return permanent ? BounceClass::kPolicy : BounceClass::kNone;
}

BounceClass ClassOfRefusal(SmtpStage stage, int code, const EnhancedCode& enhanced) {
  if (stage == SmtpStage::kRcpt) return ClassAtRcpt(code, enhanced);
  if (stage == SmtpStage::kFinalDot && enhanced.present()) return ClassOf(enhanced, code >= 500);
  if (code >= 500) return BounceClass::kPolicy;
  return enhanced.subject == 7 ? BounceClass::kPolicy : BounceClass::kNone;
}

}  // namespace

absl::string_view SmtpStageName(SmtpStage stage) {
  constexpr absl::string_view kNames[] = {"connect", "banner", "ehlo", "starttls", "auth",
                                          "mail",    "rcpt",   "data", "final_dot"};
  return kNames[static_cast<size_t>(stage)];
}

std::string EnhancedCode::ToString() const {
  return present() ? absl::StrCat(status_class, ".", subject, ".", detail) : "";
}

Verdict ClassifyReply(SmtpStage stage, int code, const EnhancedCode& enhanced) {
  const bool decides = stage >= SmtpStage::kMail;
  if (code >= 400 && code < 500) return {OutcomeKind::kDeferred, ClassOfRefusal(stage, code, enhanced)};
  if (code >= 500 && code < 600)
    return {decides ? OutcomeKind::kFailed : OutcomeKind::kDeferred, ClassOfRefusal(stage, code, enhanced)};
  if (stage != SmtpStage::kFinalDot) return {OutcomeKind::kDeferred};
  return {code >= 200 && code < 300 ? OutcomeKind::kSent : OutcomeKind::kUncertain};
}

}  // namespace masthead::notifications::mail

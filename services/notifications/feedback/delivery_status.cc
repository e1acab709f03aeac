#include "services/notifications/feedback/delivery_status.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "services/notifications/feedback/feedback_errors.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxTextBytes = 512;

absl::string_view FieldOf(const ReportFields& block, const char* name) {
  const auto field = block.find(name);
  return field == block.end() ? absl::string_view() : absl::string_view(field->second);
}

// A run of at most three digits; -1 if there is none.
int TakeNumber(absl::string_view& text) {
  size_t digits = 0;
  while (digits < text.size() && digits < 3 && absl::ascii_isdigit(static_cast<unsigned char>(text[digits]))) ++digits;
  int number = -1;
  if (digits == 0 || !absl::SimpleAtoi(text.substr(0, digits), &number)) return -1;
  text.remove_prefix(digits);
  return number;
}

// "smtp; 550 5.1.1 no such user": the type of the code, and what the server said.
absl::string_view ServersWords(absl::string_view diagnostic_code) {
  const size_t semicolon = diagnostic_code.find(';');
  if (semicolon == absl::string_view::npos ||
      !absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(diagnostic_code.substr(0, semicolon)), "smtp")) {
    return "";
  }
  return absl::StripAsciiWhitespace(diagnostic_code.substr(semicolon + 1));
}

// What one recipient's block says.
DeliveryStatus ReadBlock(const ReportFields& block) {
  DeliveryStatus status;
  const absl::string_view field = FieldOf(block, "action");
  const absl::string_view action = field.substr(0, field.find_first_of(" \t("));  // A comment may follow.
  if (absl::EqualsIgnoreCase(action, "delivered")) status.action = DeliveryStatus::Action::kDelivered;
  if (!absl::EqualsIgnoreCase(action, "failed")) return status;
  status.action = DeliveryStatus::Action::kFailed;
  absl::string_view words = ServersWords(FieldOf(block, "diagnostic-code"));
  status.text = Printable(words, kMaxTextBytes);
  const int code = TakeNumber(words);
  if (code >= 400 && code < 600) status.smtp_code = code;
  mail::EnhancedCode enhanced = ParseEnhancedCode(FieldOf(block, "status")).value_or(mail::EnhancedCode());
  // "5.0.0" says no more than that it failed; the server itself may have said more.
  if (enhanced.subject == 0 && status.smtp_code != 0) {
    absl::ConsumePrefix(&words, "-");
    enhanced = ParseEnhancedCode(absl::StripLeadingAsciiWhitespace(words)).value_or(enhanced);
  }
  status.enhanced_code = enhanced.ToString();
  status.bounce = ClassOfBounce(status.smtp_code, enhanced);
  return status;
}

// Whether `a` says more about the letter than `b`: a letter of ours has one recipient, and where that stands for
// several the worst news counts.
bool Outweighs(const DeliveryStatus& a, const DeliveryStatus& b) {
  const auto weight = [](const DeliveryStatus& status) {
    switch (status.action) {
      case DeliveryStatus::Action::kOther:
        return 0;
      case DeliveryStatus::Action::kDelivered:
        return 1;
      case DeliveryStatus::Action::kFailed:
        return status.bounce == mail::BounceClass::kHard ? 3 : 2;
    }
    return 0;
  };
  return weight(a) > weight(b);
}

}  // namespace

std::optional<mail::EnhancedCode> ParseEnhancedCode(absl::string_view text) {
  mail::EnhancedCode code;
  code.status_class = TakeNumber(text);
  if (code.status_class != 2 && code.status_class != 4 && code.status_class != 5) return std::nullopt;
  if (!absl::ConsumePrefix(&text, ".") || (code.subject = TakeNumber(text)) < 0) return std::nullopt;
  if (!absl::ConsumePrefix(&text, ".") || (code.detail = TakeNumber(text)) < 0) return std::nullopt;
  if (!text.empty() && absl::ascii_isalnum(static_cast<unsigned char>(text.front()))) return std::nullopt;
  return code;
}

mail::BounceClass ClassOfBounce(int smtp_code, const mail::EnhancedCode& enhanced) {
  const bool specific = enhanced.present() && enhanced.subject != 0;
  const int code = specific ? enhanced.status_class * 100 + 50 : smtp_code;
  const mail::Verdict verdict =
      mail::ClassifyReply(mail::SmtpStage::kRcpt, code, specific ? enhanced : mail::EnhancedCode());
  return verdict.bounce == mail::BounceClass::kNone ? mail::BounceClass::kSoft : verdict.bounce;
}

absl::StatusOr<DeliveryStatus> ReadDeliveryStatus(absl::string_view raw) {
  ASSIGN_OR_RETURN(const MimeReport report, ParseMimeReport(raw, "delivery-status"));
  std::optional<DeliveryStatus> heaviest;
  for (const ReportFields& block : report.blocks) {
    if (!block.contains("action")) continue;
    DeliveryStatus status = ReadBlock(block);
    if (!heaviest || Outweighs(status, *heaviest)) heaviest = std::move(status);
  }
  if (!heaviest) return FeedbackUnreadable("the notification is about no recipient");
  heaviest->clues = CluesOf(report);
  return *std::move(heaviest);
}

}  // namespace masthead::notifications

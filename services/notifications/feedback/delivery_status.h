// A delivery status notification (RFC 3464): what became of one letter after a server had taken it.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/notifications/feedback/mime_report.h"
#include "services/notifications/mail/smtp_outcome.h"

namespace masthead::notifications {

struct DeliveryStatus {
  enum class Action {
    kFailed,
    kDelivered,
    kOther,  // A delay, or handed on: nothing that changes a delivery.
  };

  Action action = Action::kOther;
  mail::BounceClass bounce = mail::BounceClass::kNone;  // Of what failed: never kNone.
  int smtp_code = 0;                                    // 0 if the notification gives none.
  std::string enhanced_code;                            // May be empty.
  std::string text;                                     // What the server said: printable ASCII, at most 512 bytes.
  Clues clues;
};

// INVALID_ARGUMENT (FEEDBACK_UNREADABLE) for all other mail: out-of-office replies, bounces in words only.
absl::StatusOr<DeliveryStatus> ReadDeliveryStatus(absl::string_view raw);

// `5.1.1`, alone or at the beginning of words; nullopt if there is none.
std::optional<mail::EnhancedCode> ParseEnhancedCode(absl::string_view text);

// What a failure with this code says about the address. Only what surely says that it does not exist is hard.
mail::BounceClass ClassOfBounce(int smtp_code, const mail::EnhancedCode& enhanced);

}  // namespace masthead::notifications

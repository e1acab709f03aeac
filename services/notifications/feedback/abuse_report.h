// A complaint in the Abuse Reporting Format (RFC 5965): what a mailbox provider says a reader thought of a letter.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/notifications/feedback/mime_report.h"

namespace masthead::notifications {

struct AbuseReport {
  // Whether it is a complaint; else it says that a letter is no spam, or speaks of the mail's technique.
  bool complains = false;
  Clues clues;
};

// INVALID_ARGUMENT (FEEDBACK_UNREADABLE) for all other mail.
absl::StatusOr<AbuseReport> ReadAbuseReport(absl::string_view raw);

}  // namespace masthead::notifications

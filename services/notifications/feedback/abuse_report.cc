#include "services/notifications/feedback/abuse_report.h"

#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "services/notifications/feedback/feedback_errors.h"

namespace masthead::notifications {
namespace {

// RFC 5965 section 7.3, and what feedback loops send beside it. The rest ("not-spam", "virus", reports on the mail's
// technique) is nobody's complaint.
bool IsComplaint(absl::string_view type) {
  for (const char* complaint : {"abuse", "fraud", "opt-out", "opt-out-list"}) {
    if (absl::EqualsIgnoreCase(type, complaint)) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<AbuseReport> ReadAbuseReport(absl::string_view raw) {
  ASSIGN_OR_RETURN(const MimeReport report, ParseMimeReport(raw, "feedback-report"));
  const ReportFields& fields = report.blocks.front();
  const auto type = fields.find("feedback-type");
  if (type == fields.end()) return FeedbackUnreadable("the report does not say what kind of feedback it is");
  return AbuseReport{.complains = IsComplaint(type->second), .clues = CluesOf(report)};
}

}  // namespace masthead::notifications

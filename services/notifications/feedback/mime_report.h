// A report as mail (multipart/report, RFC 6522): its machine-readable part, and what it quotes of the letter. GMime
// parses; nothing here trusts what it finds.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::notifications {

// Fields of one block, by name in lower case; the first of a name.
using ReportFields = std::map<std::string, std::string>;

struct MimeReport {
  std::vector<ReportFields> blocks;       // Of the machine-readable part, in order.
  ReportFields quoted;                    // The letter's own headers; empty if it quotes none.
  std::vector<std::string> addressed_to;  // Addresses that the mail says it came to.
};

// The report of that type (`delivery-status`, `feedback-report`). INVALID_ARGUMENT (FEEDBACK_UNREADABLE) if the mail is
// none.
absl::StatusOr<MimeReport> ParseMimeReport(absl::string_view raw, absl::string_view type);

// What leads to the delivery that a report is about.
struct Clues {
  // Addresses that may be its return path, the surest first.
  std::vector<std::string> return_paths;
  // The letter's List-Unsubscribe and Feedback-ID, as quoted.
  std::string list_unsubscribe;
  std::string feedback_id;
};

Clues CluesOf(const MimeReport& report);

// `text` in printable ASCII, runs of white space as one space, everything else as '?', at most `max_bytes`: fit to be
// kept.
std::string Printable(absl::string_view text, size_t max_bytes);

}  // namespace masthead::notifications

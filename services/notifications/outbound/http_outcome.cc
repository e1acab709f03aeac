#include "services/notifications/outbound/http_outcome.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/time/clock.h"

namespace masthead::notifications {
namespace {

constexpr size_t kMaxText = 512;
constexpr absl::Duration kLongestRetry = absl::Hours(24);

Disposition JudgeStatus(const Due& due, const http::Answer& answer) {
  if (answer.status >= 200 && answer.status < 300) return {.state = "SENT"};
  if (answer.status == 404 || answer.status == 410) {
    return {.state = "FAILED", .reason = "ENDPOINT_GONE", .expire_endpoint = true};
  }
  if (answer.status == 429 || answer.status >= 500) {
    const auto header = answer.headers.find("retry-after");
    const absl::Duration asked =
        header == answer.headers.end() ? absl::ZeroDuration() : RetryAfter(header->second, absl::Now());
    return {.state = "DEFERRED", .retry_in = std::max(asked, Backoff(due.attempts + 1, Jitter(due.seq, due.attempts)))};
  }
  const bool is_ours = answer.status == 401 || answer.status == 403;
  return {.state = "FAILED", .reason = is_ours ? "POLICY" : "REFUSED"};
}

}  // namespace

std::string PrintableText(absl::string_view text) {
  std::string printable(text.substr(0, kMaxText));
  for (char& c : printable) {
    if (!absl::ascii_isprint(c)) c = ' ';
  }
  return printable;
}

absl::Duration RetryAfter(absl::string_view value, absl::Time now) {
  int64_t seconds = 0;
  absl::Time time;
  std::string error;
  absl::Duration wait = absl::ZeroDuration();
  if (absl::SimpleAtoi(value, &seconds)) {
    wait = absl::Seconds(seconds);
  } else if (absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", value, &time, &error)) {
    wait = time - now;
  }
  return std::clamp(wait, absl::ZeroDuration(), kLongestRetry);
}

Decision JudgeAnswer(const Due& due, const absl::StatusOr<http::Answer>& answer, bool at_most_once) {
  if (answer.ok()) {
    return {.seq = due.seq,
            .disposition = JudgeStatus(due, *answer),
            .attempted = true,
            .smtp_code = answer->status,
            .text = PrintableText(answer->body)};
  }
  if (http::SurelyNotHeard(answer.status())) {
    return {.seq = due.seq, .disposition = {.state = "PENDING", .counts_as_attempt = false}};
  }
  return {.seq = due.seq,
          .disposition = {.state = at_most_once ? "UNCERTAIN" : "PENDING"},
          .attempted = true,
          .text = PrintableText(answer.status().message())};
}

}  // namespace masthead::notifications

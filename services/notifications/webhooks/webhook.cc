#include "services/notifications/webhooks/webhook.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"

namespace masthead::notifications::webhooks {
namespace {

constexpr int kFailuresToOpen = 5;
constexpr absl::Duration kFirstPause = absl::Seconds(30);
constexpr absl::Duration kLongestPause = absl::Hours(1);
constexpr absl::Duration kGivenUpAfter = absl::Hours(5 * 24);

// The schedule that Standard Webhooks recommends; the first attempt is at once.
constexpr std::array kRetries = {absl::Seconds(5), absl::Minutes(5), absl::Minutes(30), absl::Hours(2), absl::Hours(5),
                                 absl::Hours(10),  absl::Hours(14),  absl::Hours(20),   absl::Hours(24)};

}  // namespace

std::string WebhookEndpointName(absl::string_view id) { return absl::StrCat("webhookEndpoints/", id); }

Verdict JudgeStatus(int status) {
  if (status >= 200 && status < 300) return Verdict::kHeard;
  return status == 410 ? Verdict::kGone : Verdict::kFailed;
}

Breaker After(Breaker breaker, Verdict verdict, absl::Time now) {
  if (verdict == Verdict::kHeard) {
    breaker.failures = 0;
    breaker.failing_since_time = std::nullopt;
    breaker.retry_time = std::nullopt;
    return breaker;
  }
  ++breaker.failures;
  if (!breaker.failing_since_time) breaker.failing_since_time = now;
  if (breaker.failures >= kFailuresToOpen) {
    const int doublings = std::min(breaker.failures - kFailuresToOpen, 7);
    breaker.retry_time = now + std::min(kLongestPause, kFirstPause * (1 << doublings));
  }
  if (breaker.state == "DISABLED") return breaker;
  const bool failed_for_long = now - *breaker.failing_since_time >= kGivenUpAfter;
  if (verdict == Verdict::kGone || failed_for_long) {
    breaker.state = "DISABLED";
    breaker.disabled_reason = verdict == Verdict::kGone ? "GONE" : "FAILING";
  }
  return breaker;
}

Breaker SwitchedTo(Breaker breaker, absl::string_view state) {
  if (state == breaker.state) return breaker;
  if (state == "ACTIVE") return {};
  breaker.state = "DISABLED";
  breaker.disabled_reason = "MANUAL";
  return breaker;
}

std::optional<absl::Duration> RetryIn(int attempts, double jitter) {
  if (attempts < 1 || attempts > static_cast<int>(kRetries.size())) return std::nullopt;
  return kRetries[static_cast<size_t>(attempts) - 1] * (1 + jitter / 10);
}

}  // namespace masthead::notifications::webhooks

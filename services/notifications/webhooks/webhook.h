// The domain: a webhook endpoint, when it is tried again, and when it is let alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::notifications::webhooks {

inline constexpr size_t kMaxUrlBytes = 1000;
inline constexpr int kMaxEventTypes = 50;
inline constexpr char kEveryType[] = "*";
inline constexpr char kTestType[] = "webhook.test";
inline constexpr absl::Duration kMaxOverlap = absl::Hours(24);  // Of two secrets.
inline constexpr absl::Duration kEventsKept = absl::Hours(35 * 24);

// Whether the endpoint is called, and what calls have met. States and reasons are spelled as in the API.
struct Breaker {
  std::string state = "ACTIVE";
  std::string disabled_reason;
  int failures = 0;  // In a row.
  std::optional<absl::Time> failing_since_time;
  std::optional<absl::Time> retry_time;  // Let alone until then.

  bool IsOpen(absl::Time now) const { return retry_time && *retry_time > now; }
  // A single call shows whether it is back.
  bool IsOnProbation() const { return retry_time.has_value(); }
  bool operator==(const Breaker&) const = default;
};

struct WebhookEndpoint {
  int64_t number = 0;
  std::string id;
  std::string display_name;
  std::string url;
  std::vector<std::string> event_types;
  std::string sealed_secret;
  std::string sealed_former_secret;  // Empty for none.
  std::optional<absl::Time> former_expire_time;
  Breaker breaker;
  absl::Time create_time;
  absl::Time update_time;
  int64_t revision = 1;
};

// As it is told to whoever wants its type.
struct WebhookEvent {
  int64_t number = 0;
  std::string webhook_id;
  std::string type;
  std::string body;
  absl::Time event_time;
  int attempts = 0;  // Before this one.
  bool test = false;
};

// A call that told an event, and what it met.
struct AttemptRecord {
  int64_t event_number = 0;
  std::string webhook_id;
  std::string type;
  int attempt = 0;
  int status = 0;
  std::string text;
  std::string outcome;                             // As in the API.
  absl::Duration retry_in = absl::ZeroDuration();  // For PUT_OFF.
  absl::Time time;                                 // Set when it is read.
  int64_t number = 0;                              // As time.
};

std::string WebhookEndpointName(absl::string_view id);

// What became of a call.
enum class Verdict {
  kHeard,
  kFailed,  // Worth another attempt.
  kGone,    // Never again.
};

// Of an answer's status; 0 for no answer. Redirects are failures: they would lead past the guard of addresses.
Verdict JudgeStatus(int status);

// After another call. What the endpoint was disabled for, it stays.
Breaker After(Breaker breaker, Verdict verdict, absl::Time now);

// Given another chance by somebody, or disabled by somebody.
Breaker SwitchedTo(Breaker breaker, absl::string_view state);

// How long to wait after the n-th attempt, the first is 1; none after the last. Up to a tenth longer, for `jitter` in
// [0, 1).
std::optional<absl::Duration> RetryIn(int attempts, double jitter);

}  // namespace masthead::notifications::webhooks

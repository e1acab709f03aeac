// The domain: one delivery, and what follows from what an attempt met.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/notifications/mail/smtp_outcome.h"
#include "services/notifications/messages/channels.h"

namespace masthead::notifications {

// What becomes of the delivery.
struct Disposition {
  std::string state;                               // As in the API and in the database.
  std::string reason = {};                         // Empty for none.
  absl::Duration retry_in = absl::ZeroDuration();  // For DEFERRED.
  bool suppress_address = false;
  bool expire_endpoint = false;  // It does not exist any more.
  bool counts_as_attempt = true;
};

// The table of outcomes. `attempts` counts this one. A refusal of the address (5.1.x) suppresses it; one by policy
// (5.7.x) does not, for that is the sender's fault. `jitter` is in [0, 1).
Disposition Judge(const mail::Outcome& outcome, bool at_most_once, int attempts, double jitter);

// The mail server could not be had, or sent us away before it heard of the letter: no attempt of this delivery, and no
// reason to hurry with others.
bool RouteIsDown(const mail::Outcome& outcome);

// There was nothing to send: no letter could be made, for the reason that `error` gives.
Disposition Unrenderable(const absl::Status& error);

// How long to wait after the n-th deferral: 1m, 5m, 15m, 1h, 4h, then 8h, each less up to a quarter.
absl::Duration Backoff(int attempts, double jitter);

// In [0, 1), the same for the same delivery and attempt.
double Jitter(int64_t seq, int attempts);

// What stands in the way of sending, when a delivery's turn has come.
struct Obstacles {
  bool message_cancelled = false;
  bool expired = false;
  bool address_gone = false;
  bool unsubscribed = false;
  bool suppressed = false;
};

// None if it may be sent.
std::optional<Disposition> CallOff(const Obstacles& obstacles);

struct Delivery {
  std::string message_id;  // Of the resource.
  int64_t seq = 0;
  std::string recipient_id;
  std::string endpoint_id;
  std::string topic_id;
  Channels channel = kEmail;
  int variant = 0;
  std::string state;
  std::string reason;
  int attempts = 0;
  std::optional<absl::Time> retry_time;
  std::optional<absl::Time> finish_time;

  struct Attempt {
    absl::Time time;
    int smtp_code = 0;
    std::string enhanced_code;
    std::string text;
  };
  std::vector<Attempt> log;
};

struct Exclusion {
  std::string message_id;
  int64_t seq = 0;
  std::string recipient_id;
  std::string reason;
};

std::string DeliveryName(absl::string_view message_id, int64_t seq);
std::string ExclusionName(absl::string_view message_id, int64_t seq);
std::string EndpointName(absl::string_view recipient_id, absl::string_view endpoint_id);

// The seq in `d17`; none if it is no delivery's ID.
std::optional<int64_t> ParseDeliveryId(absl::string_view id);

}  // namespace masthead::notifications

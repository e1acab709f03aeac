#include "services/notifications/sending/delivery.h"

#include <algorithm>
#include <array>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/base/errors.h"
#include "services/notifications/messages/message.h"

namespace masthead::notifications {
namespace {

constexpr std::array<absl::Duration, 6> kBackoffs = {absl::Minutes(1), absl::Minutes(5), absl::Minutes(15),
                                                     absl::Hours(1),   absl::Hours(4),   absl::Hours(8)};

Disposition Refused(mail::BounceClass bounce) {
  switch (bounce) {
    case mail::BounceClass::kHard:
      return {.state = "FAILED", .reason = "HARD_BOUNCE", .suppress_address = true};
    case mail::BounceClass::kSoft:
      return {.state = "FAILED", .reason = "SOFT_BOUNCE"};
    case mail::BounceClass::kPolicy:
      return {.state = "FAILED", .reason = "POLICY"};
    case mail::BounceClass::kNone:
      break;
  }
  return {.state = "FAILED", .reason = "REFUSED"};
}

}  // namespace

absl::Duration Backoff(int attempts, double jitter) {
  const size_t step = std::clamp<size_t>(attempts - 1, 0, kBackoffs.size() - 1);
  return kBackoffs[step] * (1 - jitter / 4);
}

double Jitter(int64_t seq, int attempts) {
  return static_cast<double>((static_cast<uint64_t>(seq) * 0x9E3779B97F4A7C15 + attempts) >> 40 & 0xFFFF) / 65536;
}

Disposition Judge(const mail::Outcome& outcome, bool at_most_once, int attempts, double jitter) {
  switch (outcome.kind) {
    case mail::OutcomeKind::kSent:
      return {.state = "SENT"};
    case mail::OutcomeKind::kDeferred:
      if (RouteIsDown(outcome)) break;
      return {.state = "DEFERRED", .retry_in = Backoff(attempts, jitter)};
    case mail::OutcomeKind::kFailed:
      return Refused(outcome.bounce);
    case mail::OutcomeKind::kUncertain:
      return {.state = at_most_once ? "UNCERTAIN" : "PENDING"};
    case mail::OutcomeKind::kNotSent:
      break;
  }
  return {.state = "PENDING", .counts_as_attempt = false};
}

bool RouteIsDown(const mail::Outcome& outcome) {
  return outcome.kind == mail::OutcomeKind::kDeferred && outcome.stage < mail::SmtpStage::kMail;
}

Disposition Unrenderable(const absl::Status& error) {
  const bool variable = ErrorReason(error) == "TEMPLATE_VARIABLE_MISSING";
  return {.state = "FAILED", .reason = variable ? "TEMPLATE_VARIABLE_MISSING" : "INVALID_LETTER"};
}

std::optional<Disposition> CallOff(const Obstacles& obstacles) {
  if (obstacles.message_cancelled) return Disposition{.state = "CANCELLED", .reason = "MESSAGE_CANCELLED"};
  if (obstacles.unsubscribed) return Disposition{.state = "CANCELLED", .reason = "UNSUBSCRIBED"};
  if (obstacles.address_gone) return Disposition{.state = "CANCELLED", .reason = "ADDRESS_GONE"};
  if (obstacles.suppressed) return Disposition{.state = "CANCELLED", .reason = "SUPPRESSED"};
  if (obstacles.expired) return Disposition{.state = "EXPIRED", .reason = "MESSAGE_EXPIRED"};
  return std::nullopt;
}

std::string DeliveryName(absl::string_view message_id, int64_t seq) {
  return absl::StrCat(MessageName(message_id), "/deliveries/d", seq);
}

std::string ExclusionName(absl::string_view message_id, int64_t seq) {
  return absl::StrCat(MessageName(message_id), "/exclusions/x", seq);
}

std::string EndpointName(absl::string_view recipient_id, absl::string_view endpoint_id) {
  return absl::StrCat("recipients/", recipient_id, "/endpoints/", endpoint_id);
}

std::optional<int64_t> ParseDeliveryId(absl::string_view id) {
  int64_t seq = 0;
  if (!absl::ConsumePrefix(&id, "d") || !absl::SimpleAtoi(id, &seq) || absl::StrCat(seq) != id || seq <= 0) {
    return std::nullopt;
  }
  return seq;
}

}  // namespace masthead::notifications

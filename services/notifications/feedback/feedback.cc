#include "services/notifications/feedback/feedback.h"

#include "absl/strings/string_view.h"

namespace masthead::notifications {
namespace {

using Address = Effect::Address;

constexpr char kHardBounce[] = "HARD_BOUNCE";

// Sent as far as anybody knows, or about to be known as sent.
bool IsUnderWay(const DeliveryStanding& standing) {
  for (const char* state : {"SENT", "UNCERTAIN", "ATTEMPTING", "PENDING", "DEFERRED"}) {
    if (standing.state == state) return standing.attempts > 0;
  }
  return false;
}

Effect Bounced(const Feedback& feedback, const DeliveryStanding& before) {
  const bool hard = feedback.bounce == mail::BounceClass::kHard;
  if (IsUnderWay(before) || before.state == "DELIVERED") {
    const bool policy = feedback.bounce == mail::BounceClass::kPolicy;
    return {.standing = DeliveryStanding{.state = "BOUNCED",
                                         .reason = hard     ? kHardBounce
                                                   : policy ? "POLICY"
                                                            : "SOFT_BOUNCE",
                                         .attempts = before.attempts},
            .address = hard     ? Address::kDoesNotExist
                       : policy ? Address::kNothing
                                : Address::kUnable};
  }
  if (!hard || before.attempts == 0) return {};
  Effect effect = {.standing = std::nullopt, .address = Address::kDoesNotExist};
  if (before.state == "BOUNCED" && before.reason != kHardBounce) {
    effect.standing = DeliveryStanding{.state = "BOUNCED", .reason = kHardBounce, .attempts = before.attempts};
  }
  return effect;
}

}  // namespace

Effect EffectOf(const Feedback& feedback, const DeliveryStanding& before) {
  switch (feedback.kind) {
    case Feedback::Kind::kDelivered:
      if (!IsUnderWay(before)) return {};
      return {.standing = DeliveryStanding{.state = "DELIVERED", .reason = "", .attempts = before.attempts},
              .address = Address::kAble};
    case Feedback::Kind::kBounced:
      return Bounced(feedback, before);
    case Feedback::Kind::kComplained:
      if (!IsUnderWay(before) && before.state != "DELIVERED" && before.state != "BOUNCED") return {};
      return {.standing = DeliveryStanding{.state = "COMPLAINED", .reason = "COMPLAINT", .attempts = before.attempts},
              .address = Address::kUnwilling};
  }
  return {};
}

}  // namespace masthead::notifications

// The domain: what is told of a delivery after a server took it, and what follows.
#pragma once

#include <optional>
#include <string>

#include "services/notifications/mail/smtp_outcome.h"

namespace masthead::notifications {

struct Feedback {
  enum class Kind { kDelivered, kBounced, kComplained };

  Kind kind = Kind::kBounced;
  mail::BounceClass bounce = mail::BounceClass::kNone;  // Of a bounce.
  int smtp_code = 0;
  std::string enhanced_code;
  std::string text;
};

// A delivery as it stands; spelled as in the API and in the database.
struct DeliveryStanding {
  std::string state;
  std::string reason;
  int attempts = 0;

  bool operator==(const DeliveryStanding&) const = default;
};

struct Effect {
  // What it says of the address.
  enum class Address { kNothing, kDoesNotExist, kUnable, kAble, kUnwilling };

  std::optional<DeliveryStanding> standing;  // Another one.
  Address address = Address::kNothing;
};

// Reports come late, twice and out of order. Nothing is known of a delivery that was never on its way; one that is not
// decided yet was taken, or nothing could come back. A permanent bounce is not overwritten by a temporary one, nor a
// complaint by any: somebody has seen the letter. A hard bounce speaks of the address whatever became of the delivery.
Effect EffectOf(const Feedback& feedback, const DeliveryStanding& before);

}  // namespace masthead::notifications

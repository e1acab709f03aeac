// What a letter says, and to whom it goes.
#pragma once

#include <map>
#include <string>

#include "absl/time/time.h"

namespace masthead::memberships {

struct OutgoingMail {
  std::string template_id;  // Of notifications: `sign-in`, `gift`, `gift-reminder`, `seat-invitation`, `trial-ending`,
                            // `payment-failed`, `cancellation`, `receipt`, `email-change`.
  std::string member_id;    // Whom it is to; empty if `address` says.
  std::string address;      // Of somebody who is not a member, or not at this address yet.
  std::string locale;       // The member's if empty.
  std::map<std::string, std::string> values;  // For the template. May hold secrets: forgotten once it is sent.
  absl::Time expire_time;                     // Sent before then or not at all.
};

}  // namespace masthead::memberships

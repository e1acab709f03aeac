// What a checkout keeps as JSON, because only some kinds of checkouts have it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::memberships {

// Of a gift: `receiver_email`, `receiver_name`, `giver_name`, `message`, `locale`, `months`, `deliver_time` (RFC 3339).
struct GiftDetails {
  std::string receiver_email;  // Empty: the giver hands it over.
  std::string receiver_name;
  std::string giver_name;
  std::string message;
  std::string locale;
  int32_t months = 0;                      // How long the receiver has the tier; 0: for good.
  std::optional<absl::Time> deliver_time;  // At once if unset.
};
std::string ToJson(const GiftDetails& details);
GiftDetails GiftDetailsFromJson(absl::string_view json);

// Of a donation: `campaign` (its ID), `message`, `public_name`.
struct DonationDetails {
  std::string campaign;     // May be empty.
  std::string message;      // For the newsroom.
  std::string public_name;  // To be thanked by; empty: not to be named.
};
std::string ToJson(const DonationDetails& details);
DonationDetails DonationDetailsFromJson(absl::string_view json);

// Details in two parts: what says who somebody is, or is somebody's words, and is sealed where it is stored; and the
// rest. `personal` is empty if there is nothing of that.
struct DividedDetails {
  std::string personal;
  std::string rest;
};
DividedDetails DivideDetails(absl::string_view json);
std::string JoinDetails(absl::string_view rest, absl::string_view personal);

// Where a buyer came from: words to words, such as `utm_source`, and `referral`, `campaign`, `article`.
std::string ToJson(const std::map<std::string, std::string>& attribution);
std::map<std::string, std::string> AttributionFromJson(absl::string_view json);

}  // namespace masthead::memberships

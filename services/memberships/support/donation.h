// A donation: money for nothing in return, one for each payment.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships {

struct Donation {
  std::string member_id;
  std::string payment_id;
  std::string campaign_id;  // Empty: for none.
  Money money;
  std::string message;
  std::string public_name;  // To be thanked by; empty: not told.
  bool anonymous = false;
  absl::Time receive_time;
  std::optional<absl::Time> take_back_time;
};

// What the donor said at the checkout.
struct DonationWords {
  std::string campaign_id;
  std::string message;
  std::string public_name;
  bool anonymous = true;
};

inline constexpr int64_t kMaxDonationMessage = 255;

// From the details of a donation's checkout, JSON with `campaign`, `message`, `public_name` and `anonymous`. Somebody
// who gives no name and does not say `anonymous` is anonymous. What is too long is cut: money that is there is not
// refused for its message.
DonationWords ParseDonationWords(absl::string_view details);

}  // namespace masthead::memberships

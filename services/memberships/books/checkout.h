// A checkout: what somebody is about to buy, from the moment the price is fixed. It holds the offer and where the buyer
// came from, so that no order of messages can lose them.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "services/memberships/billing/money.h"

namespace masthead::memberships {

struct Checkout {
  enum class Kind { kSubscription, kGift, kDonation, kPaymentMethod };
  enum class State { kOpen, kProcessing, kCompleted, kExpired };

  std::string member_id;
  std::string id;
  Kind kind = Kind::kSubscription;
  State state = State::kOpen;
  std::string price_id;  // Empty where nothing is bought.
  std::string offer_id;
  Money money;  // What is paid now, tax included.
  int32_t seats = 1;
  std::string details;      // JSON, by kind.
  std::string attribution;  // JSON.
  std::string subscription_id;
  std::string invoice_id;
  std::string provider;
  std::string provider_ref;
  std::string url;
  std::string success_url;
  std::string cancel_url;
  int64_t revision = 1;
  absl::Time create_time;
  absl::Time expire_time;
};

}  // namespace masthead::memberships

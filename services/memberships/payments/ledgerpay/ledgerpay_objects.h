// What ledgerpay keeps: its checkouts and charges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "services/memberships/billing/money.h"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships::ledgerpay {

struct Checkout {
  std::string id;
  std::string key;
  std::string form_token;
  std::string reference;
  std::string payment_key;
  std::string description;
  Money money;
  bool keep_method = false;
  std::string success_url;
  std::string cancel_url;
  std::string state;  // OPEN, COMPLETED, EXPIRED.
  std::string payment_method;
  absl::Time expire_time;
};

struct StoredCharge {
  std::string id;
  std::string key;
  std::string checkout_id;     // Empty where there is none.
  std::string payment_method;  // Empty for a bank transfer or cash.
  Money money;
  int64_t refunded = 0;
  std::string state = "SUCCEEDED";
  std::string decline_code;
  bool retryable = false;
  std::optional<absl::Time> due_time;
};

struct DueEvent {
  std::string id;
  std::string body;
  int attempts = 0;
  absl::Time create_time;
};

}  // namespace masthead::memberships::ledgerpay

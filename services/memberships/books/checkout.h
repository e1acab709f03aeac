// A checkout: what somebody is about to buy, from the moment the price is fixed. It holds the offer and where the buyer
// came from, so that no order of messages can lose them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
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
  Money money;              // What is paid now, tax included.
  int64_t unit_amount = 0;  // Of a period and a seat, before discount and tax: the price's, or what the buyer decided.
  int32_t quantity = 1;     // Of periods at once: a gift's.
  int32_t seats = 1;
  std::string details = "{}";      // JSON, by kind: checkout_details.h.
  std::string attribution = "{}";  // JSON: a map of words to words.
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
  std::optional<absl::Time> complete_time;
};

std::string CheckoutName(absl::string_view member_id, absl::string_view id);

absl::string_view Name(Checkout::Kind kind);
absl::string_view Name(Checkout::State state);
std::optional<Checkout::Kind> ParseCheckoutKind(absl::string_view name);
std::optional<Checkout::State> ParseCheckoutState(absl::string_view name);

}  // namespace masthead::memberships

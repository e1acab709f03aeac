// Opening a checkout: what it comes to, and what it holds until it is paid.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/checkout.h"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships {

// What a buyer asked for, as far as the request alone can tell.
struct WantedCheckout {
  Checkout checkout;                       // Whatever follows from the price is not set yet.
  int32_t months = 0;                      // Of a gift.
  std::optional<absl::Time> deliver_time;  // Of a gift.
  std::optional<absl::Time> expire_time;
};

// Prices it, holds the offer, and inserts it with its payment and, where one is to begin, its subscription. The
// provider is yet to be asked; where there is nothing to pay, now or later, it is completed at once.
absl::StatusOr<Checkout> OpenCheckout(db::Transaction& tx, events::Feed& feed, const WantedCheckout& wanted,
                                      const PaymentProvider& provider, absl::Time now);

}  // namespace masthead::memberships

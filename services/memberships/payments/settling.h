// What becomes of a payment and of a checkout, once it is known: in the books, and through them for subscriptions,
// gifts and donations. `tx` has locked the payer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/checkout.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

// What is told of a payment that succeeded, as far as it is told.
struct Receipt {
  std::optional<Money> money;
  int64_t fee = 0;
  std::string payment_method;
};

// The money is there. What it was for begins; what came late, twice or for something that was overtaken is given back;
// what is not what was agreed is suspended, and nothing begins. Again: a fee or a method that was not told before.
void SettlePayment(db::Transaction& tx, events::Feed& feed, Payment& payment, const Receipt& receipt, absl::Time now);

// It did not come: nothing if it did after all. Of a checkout it is `final` if the buyer cannot try again.
void FailPayment(db::Transaction& tx, events::Feed& feed, Payment& payment, absl::string_view decline_code,
                 bool retryable, bool final, absl::Time now);

// The buyer is through and has nothing to pay now.
void CompleteUnpaid(db::Transaction& tx, events::Feed& feed, Checkout& checkout, absl::string_view payment_method,
                    absl::Time now);

// The buyer is through, and the money is on its way.
void AwaitPayment(db::Transaction& tx, Checkout& checkout, Payment& payment, absl::string_view payment_method);

// It ran out, was given up or will never be paid: what it held is let go. Nothing if it is closed already.
void CloseCheckout(db::Transaction& tx, events::Feed& feed, Checkout& checkout, absl::Time now);

}  // namespace masthead::memberships

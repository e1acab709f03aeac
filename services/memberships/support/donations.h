// Donations, once the money is there.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/checkout.h"

namespace masthead::memberships {

// Counts the donation for its campaign and thanks the donor. `tx` has locked the donor; `payment_id` tells one donation
// of a recurring one from the next.
void ReceiveDonation(db::Transaction& tx, events::Feed& feed, const Checkout& checkout, absl::string_view payment_id,
                     absl::Time now);

// It was refunded or lost in a dispute: it no longer counts.
void TakeBackDonation(db::Transaction& tx, events::Feed& feed, absl::string_view payment_id, absl::Time now);

}  // namespace masthead::memberships

// What a paid checkout for a gift brings about.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/checkout.h"

namespace masthead::memberships {

// The gift can be delivered and redeemed from now on. `tx` has locked the giver.
void FulfilGift(db::Transaction& tx, events::Feed& feed, const Checkout& checkout, absl::string_view invoice_id,
                absl::Time now);

// The gift was refunded: nobody can redeem it, and whoever did has it until now.
void WithdrawGift(db::Transaction& tx, events::Feed& feed, absl::string_view checkout_id, absl::Time now);

}  // namespace masthead::memberships

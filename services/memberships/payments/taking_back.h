// Money that goes back to the payer, asked for by us, at the provider or in a dispute: the books, and what ends with
// it. `tx` has locked the payer and the payment.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

// Brings the books up to what the provider told of refunds and to what became of our own. With a full refund ends what
// was bought, by policy: a period that has passed is kept, and so is the current one where the refund is ours and does
// not revoke it. `refund_id` may be empty.
void BookRefunds(db::Transaction& tx, events::Feed& feed, Payment& payment, absl::string_view refund_id,
                 absl::Time now);

// What is told of a dispute, as far as it is told.
struct DisputeNews {
  std::string provider_ref;
  Dispute::State state = Dispute::State::kOpen;
  int64_t amount = 0;  // 0: the whole payment.
  int64_t fee = 0;
};

// An open dispute withholds the money, one that is lost takes it and ends what was bought. False if it says nothing
// new.
bool BookDispute(db::Transaction& tx, events::Feed& feed, Payment& payment, const DisputeNews& news, absl::Time now);

}  // namespace masthead::memberships

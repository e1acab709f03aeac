// The invoice for what a checkout buys: what it asks for, and what is issued for a gift or a donation once it is paid.
#pragma once

#include "absl/time/time.h"
#include "services/memberships/books/checkout.h"
#include "services/memberships/books/invoice_draft.h"
#include "services/memberships/plans/offering.h"

namespace masthead::memberships {

// `offer` may be null.
InvoiceDraft DraftOf(const Checkout& checkout, const Price& price, const Offer* offer, absl::Time now);

}  // namespace masthead::memberships

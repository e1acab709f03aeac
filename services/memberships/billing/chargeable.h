// What of an amount can be charged at all. The rest is carried to the next invoice: it is known before an invoice is
// issued, and not when the provider refuses.
#pragma once

#include <cstdint>

#include "services/memberships/billing/money.h"

namespace masthead::memberships {

// The most of `money` that providers take: nothing below the least charge of the currency, and tens alone where the
// minor unit is a thousandth.
int64_t Chargeable(const Money& money);

}  // namespace masthead::memberships

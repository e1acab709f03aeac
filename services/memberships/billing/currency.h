// Currencies, as ISO 4217 has them. How a payment provider counts is its adapter's affair.
#pragma once

#include "absl/strings/string_view.h"

namespace masthead::memberships {

// Three capital letters. Which of these the world uses is not looked up: what can be paid with is for the newspaper and
// its provider to say.
bool IsCurrencyCode(absl::string_view code);

// How many decimal places the minor unit has: 2 for most, 0 for JPY, 3 for KWD.
int CurrencyExponent(absl::string_view code);

}  // namespace masthead::memberships

// How payment providers sign what they post to us: `t=<unix seconds>,v1=<hex HMAC-SHA-256 of "<t>.<body>">`, with a
// `v1` for every secret that is good just now. The scheme of Stripe, and of ledgerpay.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace masthead::memberships {

// How old a signature may be, and how far ahead the signer's clock.
inline constexpr absl::Duration kSignatureTolerance = absl::Minutes(5);

// Whether one of `secrets` signed `body`, byte for byte, within the tolerance of `now`. A blank secret verifies
// nothing: it is a mistake of configuration, and everybody knows it. Takes the same time whichever signature is right.
bool IsSigned(absl::string_view body, absl::string_view header, const std::vector<std::string>& secrets,
              absl::Time now);

// The header for `body`.
std::string SignatureHeader(absl::string_view body, absl::string_view secret, absl::Time now);

}  // namespace masthead::memberships

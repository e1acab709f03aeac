#include "services/memberships/tokens/guess_limit.h"

#include <algorithm>

namespace masthead::memberships {

absl::Duration WaitBeforeGuess(const GuessLimit& limit, absl::Time paid_off, absl::Time now) {
  return std::max(paid_off - now - limit.credit, absl::ZeroDuration());
}

}  // namespace masthead::memberships

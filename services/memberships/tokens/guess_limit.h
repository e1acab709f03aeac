// How fast API keys may be guessed. Every wrong key costs some time, of which so much may be owed; who owes more waits.
// Keys have 256 random bits: the limit spares the database and makes guessing visible, the bits make it hopeless.
#pragma once

#include "absl/time/time.h"

namespace masthead::memberships {

struct GuessLimit {
  absl::Duration cost;    // Of one wrong key.
  absl::Duration credit;  // What may be owed while the next key is still looked at.
};

// For one key, from wherever the guesses come: 10 at once, then 10 a minute.
inline constexpr GuessLimit kKeyGuessLimit = {.cost = absl::Seconds(6), .credit = absl::Seconds(54)};

// For one network, whatever keys it shows: 60 at once, then one a second. Higher, because a whole newsroom may be
// behind one proxy.
inline constexpr GuessLimit kNetworkGuessLimit = {.cost = absl::Seconds(1), .credit = absl::Seconds(59)};

// How long somebody who has paid at `paid_off` has to wait for the next try; zero if it is due.
absl::Duration WaitBeforeGuess(const GuessLimit& limit, absl::Time paid_off, absl::Time now);

}  // namespace masthead::memberships

// What guessers owe, in Postgres, so that the limit holds for all replicas together.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// Who guesses, as slots of the table: two may share one, with a chance of one in 65,536.
struct Guesser {
  std::optional<int> key_slot;  // Without one if what was shown does not have the form of a key.
  int network_slot = 0;
};

struct GuessDebts {
  absl::Time now;
  absl::Time key_paid_off;
  absl::Time network_paid_off;
};

GuessDebts LoadGuessDebts(db::Transaction& tx, const Guesser& guesser);

// Charges a wrong key. The row of the key is always locked before that of the network.
void InsertGuess(db::Transaction& tx, const Guesser& guesser);

}  // namespace masthead::memberships

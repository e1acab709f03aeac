#include "services/memberships/tokens/guess_store.h"

#include "services/memberships/tokens/guess_limit.h"

namespace masthead::memberships {
namespace {

constexpr char kLoadGuessDebts[] = R"sql(
  SELECT db_now(),
         (SELECT paid_off_time FROM key_guesses WHERE kind = 'KEY' AND slot = $1),
         (SELECT paid_off_time FROM key_guesses WHERE kind = 'NETWORK' AND slot = $2)
)sql";

constexpr char kInsertGuess[] = R"sql(
  INSERT INTO key_guesses (kind, slot, paid_off_time)
  VALUES ($1, $2, db_now() + $3::interval)
  ON CONFLICT (kind, slot) DO UPDATE
  SET paid_off_time = greatest(key_guesses.paid_off_time, db_now()) + $3::interval
)sql";

}  // namespace

GuessDebts LoadGuessDebts(db::Transaction& tx, const Guesser& guesser) {
  const pqxx::row row = tx.Query(kLoadGuessDebts, guesser.key_slot, guesser.network_slot).front();
  const auto paid_off = [](const pqxx::field& field) {
    return field.as<std::optional<absl::Time>>().value_or(absl::InfinitePast());
  };
  return {.now = row[0].as<absl::Time>(), .key_paid_off = paid_off(row[1]), .network_paid_off = paid_off(row[2])};
}

void InsertGuess(db::Transaction& tx, const Guesser& guesser) {
  if (guesser.key_slot) tx.Query(kInsertGuess, "KEY", *guesser.key_slot, kKeyGuessLimit.cost);
  tx.Query(kInsertGuess, "NETWORK", guesser.network_slot, kNetworkGuessLimit.cost);
}

}  // namespace masthead::memberships

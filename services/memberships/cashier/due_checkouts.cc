#include "services/memberships/cashier/due_checkouts.h"

#include <optional>
#include <vector>

#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "services/memberships/books/checkout_store.h"
#include "services/memberships/books/payment_store.h"
#include "services/memberships/payments/settling.h"

namespace masthead::memberships {
namespace {

constexpr int kAtATime = 100;

}  // namespace

absl::StatusOr<int> ExpireDueCheckouts(db::Database& database, events::Feed& feed, const Scope& scope) {
  ASSIGN_OR_RETURN(const std::vector<DueCheckout> due,
                   database.Read(scope, [](db::Transaction& tx) { return LoadDueCheckouts(tx, kAtATime); }));
  for (const DueCheckout& one : due) {
    RETURN_IF_ERROR(database.Write(scope, [&](db::Transaction& tx) {
      LockPayer(tx, one.member_id);
      std::optional<Checkout> checkout = LockDueCheckout(tx, one.id);
      if (checkout) CloseCheckout(tx, feed, *checkout, db::Now(tx));
      return absl::OkStatus();
    }));
  }
  return static_cast<int>(due.size());
}

}  // namespace masthead::memberships

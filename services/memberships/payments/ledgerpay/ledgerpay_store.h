// Ledgerpay's books in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/payments/ledgerpay/ledgerpay_objects.h"

namespace masthead::memberships::ledgerpay {

// The checkout with the key of `checkout`: that one, unless there was one before.
Checkout InsertCheckout(db::Transaction& tx, const Checkout& checkout);
std::optional<Checkout> LoadCheckout(db::Transaction& tx, absl::string_view id);
std::optional<Checkout> LockCheckout(db::Transaction& tx, absl::string_view id);
std::optional<Checkout> LockCheckoutByReference(db::Transaction& tx, absl::string_view reference);
// Its state and payment method.
void SaveCheckout(db::Transaction& tx, const Checkout& checkout);
// Those whose time ran out, locked; what others have locked is left out.
std::vector<Checkout> LockExpiredCheckouts(db::Transaction& tx, int limit);

void InsertMethod(db::Transaction& tx, absl::string_view id, absl::string_view test_method);
// The token of the test method behind it; nothing if it is not there.
std::optional<std::string> LoadMethod(db::Transaction& tx, absl::string_view id);

// False if its key is taken.
bool InsertCharge(db::Transaction& tx, const StoredCharge& charge);
std::optional<StoredCharge> LoadChargeByKey(db::Transaction& tx, absl::string_view key);
std::optional<StoredCharge> LockCharge(db::Transaction& tx, absl::string_view id);
std::optional<StoredCharge> LockChargeOf(db::Transaction& tx, absl::string_view checkout_id);
// Its money, state, decline and what was refunded.
void SaveCharge(db::Transaction& tx, const StoredCharge& charge);
// Those that end by themselves now, locked; what others have locked is left out.
std::vector<StoredCharge> LockDueCharges(db::Transaction& tx, int limit);

// False if its key is taken.
bool InsertRefund(db::Transaction& tx, absl::string_view id, absl::string_view key, absl::string_view charge_id,
                  int64_t amount);
// Its ID.
std::optional<std::string> LoadRefundByKey(db::Transaction& tx, absl::string_view key);

// False if a request with the key was lost before.
bool LoseRequest(db::Transaction& tx, absl::string_view key);

void InsertEvent(db::Transaction& tx, absl::string_view id, absl::string_view body, absl::Time due_time);
// Takes those to be told now, for as long as `lease`, the oldest first or in any order.
std::vector<DueEvent> LeaseDueEvents(db::Transaction& tx, absl::Duration lease, bool shuffled, int limit);
// nullopt: told, or given up.
void ScheduleEvent(db::Transaction& tx, absl::string_view id, std::optional<absl::Time> next_action_time);

// In the order of commits after `cursor`, which is empty for the oldest.
ProviderEventPage LoadEvents(db::Transaction& tx, absl::string_view cursor, int limit);

}  // namespace masthead::memberships::ledgerpay

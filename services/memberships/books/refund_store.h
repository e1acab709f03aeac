// Refunds in Postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

void InsertRefund(db::Transaction& tx, const Refund& refund);

std::optional<Refund> LoadRefund(db::Transaction& tx, absl::string_view id);

// Of a payment, the first one first. `tx` has locked the payment, and with it its refunds.
std::vector<Refund> LoadRefunds(db::Transaction& tx, absl::string_view payment_id);

// Stores what changes of `refund`, whose payment `tx` has locked. Its lease ends.
void SaveRefund(db::Transaction& tx, const Refund& refund);

}  // namespace masthead::memberships

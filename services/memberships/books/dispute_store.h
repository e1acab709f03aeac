// Disputes in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/books/payment.h"

namespace masthead::memberships {

// Where a page starts: before this one, since the newest come first.
struct DisputeCursor {
  absl::Time create_time;
  std::string id;
};

// Inserts it, or stores what changes of it. `tx` has locked the payment.
void SaveDispute(db::Transaction& tx, absl::string_view provider, const Dispute& dispute);

std::optional<Dispute> LoadDisputeByRef(db::Transaction& tx, absl::string_view provider,
                                        absl::string_view provider_ref);

// Of a payment, the first one first.
std::vector<Dispute> LoadDisputes(db::Transaction& tx, absl::string_view payment_id);

// Of a member, or of all if `member_id` is empty; the newest first.
std::vector<Dispute> LoadDisputePage(db::Transaction& tx, absl::string_view member_id,
                                     const std::optional<DisputeCursor>& before, int limit);

}  // namespace masthead::memberships

// Which member is which customer at Stripe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace masthead::memberships::stripe {

std::optional<std::string> LoadCustomer(db::Transaction& tx, absl::string_view member_id);

// All that the member is there: more than one where another member was merged into this one.
std::vector<std::string> LoadCustomers(db::Transaction& tx, absl::string_view member_id);

// Keeps the one that is there.
void InsertCustomer(db::Transaction& tx, absl::string_view member_id, absl::string_view customer_ref);

// The customer is no longer there.
void RemoveCustomer(db::Transaction& tx, absl::string_view member_id);

}  // namespace masthead::memberships::stripe

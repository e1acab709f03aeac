// Which member is which customer at Stripe.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace masthead::memberships::stripe {

std::optional<std::string> LoadCustomer(db::Transaction& tx, absl::string_view member_id);

// Keeps the one that is there.
void InsertCustomer(db::Transaction& tx, absl::string_view member_id, absl::string_view customer_ref);

}  // namespace masthead::memberships::stripe

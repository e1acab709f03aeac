// How far the events that providers list were compared with our inbox, in Postgres.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"

namespace masthead::memberships {

// The provider's cursor, if it is due and nobody else has it; taken for as long as `lease`.
std::optional<std::string> LeaseCursor(db::Transaction& tx, absl::string_view provider, absl::Duration lease);

// Gives it back, to be looked at again after `pause`.
void SaveCursor(db::Transaction& tx, absl::string_view provider, absl::string_view cursor, absl::Duration pause);

}  // namespace masthead::memberships

// What support forgets of somebody who asks to be forgotten.
#pragma once

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace masthead::memberships {

// Who gave is no longer told, nor what was said; that something was given stays. Where the member came from is
// forgotten too, but for what only counts. May be done again.
void ForgetSupporter(db::Transaction& tx, absl::string_view member_id);

}  // namespace masthead::memberships

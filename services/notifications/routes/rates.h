// Who of a window may go now, by the rates of its route.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/routes/route.h"

namespace masthead::notifications {

// For each of `domains`, those of the recipients of a window: zero if it may go, else how long it has to wait. Takes
// the tokens of those that may, all or none of one delivery. What is `urgent` always goes, and others wait the longer
// for it.
std::vector<absl::Duration> Admit(db::Transaction& tx, const Route& route, const std::vector<std::string>& domains,
                                  bool urgent);

// The domain of a mailbox in lower case.
std::string DomainOf(absl::string_view mailbox);

}  // namespace masthead::notifications

// What recipients limit, asked again when a delivery's turn has come: a cap may have been reached since the fan-out,
// and a deferred letter may come into the night.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "common/db/database.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/sending/chunk_store.h"

namespace masthead::notifications {

// By seq, of those deliveries of `due` that are called off or put off; asks only about recipients who limit something.
std::map<int64_t, Disposition> HoldBack(db::Transaction& tx, const Message& message, const std::vector<Due>& due);

// By seq, of those of `wanted` that have to wait for the message's own rate. Takes its tokens for the others.
std::map<int64_t, Disposition> Pace(db::Transaction& tx, const Message& message, const std::vector<int64_t>& wanted);

}  // namespace masthead::notifications

// Endpoints in Postgres. Whether one is suppressed, or its recipient limits something, the database itself keeps beside
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "services/notifications/recipients/endpoint.h"

namespace masthead::notifications {

// Of one recipient, the oldest first.
std::vector<Endpoint> LoadEndpoints(db::Transaction& tx, int64_t recipient_number);
std::optional<Endpoint> LoadEndpoint(db::Transaction& tx, int64_t recipient_number, absl::string_view id);
std::optional<Endpoint> LoadEndpointByNumber(db::Transaction& tx, int64_t number);

// The mailbox that a recipient is asked at: an ACTIVE one before a PENDING one.
std::optional<Endpoint> LoadMailbox(db::Transaction& tx, int64_t recipient_number);

// Of a recipient that `tx` has locked. Sets number, times and whether it is suppressed.
void InsertEndpoint(db::Transaction& tx, int64_t recipient_number, Endpoint& endpoint);

// Stores target, hash, state and end, and increments the revision.
void SaveEndpoint(db::Transaction& tx, Endpoint& endpoint);

void RemoveEndpoint(db::Transaction& tx, const Endpoint& endpoint);

// Whether there is a webhook endpoint of this name.
bool IsWebhookEndpoint(db::Transaction& tx, absl::string_view name);

// Gives the recipient an inbox if it has none.
void EnsureInbox(db::Transaction& tx, int64_t recipient_number);

// Makes those EXPIRED whose time is over, and removes what nobody confirmed in time; at most `limit` of each. Returns
// how many.
int64_t ExpireEndpoints(db::Transaction& tx, int limit);

}  // namespace masthead::notifications

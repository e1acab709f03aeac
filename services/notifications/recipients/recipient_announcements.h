// What notifications tells the other services of recipients and their endpoints: names and facts, never an address.
#pragma once

#include "absl/strings/string_view.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/notifications/following/topic.h"
#include "services/notifications/recipients/endpoint.h"

namespace masthead::notifications {

// `removed` for the last word about it.
void AnnounceEndpoint(db::Transaction& tx, events::Feed& feed, const Recipient& recipient, const Endpoint& endpoint,
                      bool removed = false);
void AnnounceErasure(db::Transaction& tx, events::Feed& feed, const Recipient& recipient);

}  // namespace masthead::notifications

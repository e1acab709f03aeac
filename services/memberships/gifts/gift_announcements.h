// What memberships tells the other services of gifts.
#pragma once

#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/gifts/gift.h"

namespace masthead::memberships {

// `type` is `gift.purchased` or another; `tx` has just inserted or saved the gift, whose revision is the event's.
void AnnounceGift(db::Transaction& tx, events::Feed& feed, const char* type, const Gift& gift, absl::Time now);

}  // namespace masthead::memberships

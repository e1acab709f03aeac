// What the feed says about curated lists.
#pragma once

#include <string>

#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/curation/curated_list.h"
#include "services/articles/taxonomy/announcements.h"

namespace masthead::articles {

// A deletion counts as a write: `version` is the last one's.
void Announce(db::Transaction& tx, Announcer& announcer, const CuratedList& list, Happening happening);

// Slots were scheduled, or called off: what readers get at once is the same.
void AnnounceScheduled(db::Transaction& tx, Announcer& announcer, const CuratedList& list);

}  // namespace masthead::articles

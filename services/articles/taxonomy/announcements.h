// What the feed says about contributors, sections, tags and places.
#pragma once

#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/taxonomy/contributor.h"
#include "services/articles/taxonomy/place.h"
#include "services/articles/taxonomy/section.h"
#include "services/articles/taxonomy/tag.h"

namespace masthead::articles {

enum class Happening { kCreated, kUpdated, kMerged, kDeleted };

// A deletion counts as a write: `version` is the last one's.
void Announce(db::Transaction& tx, Announcer& announcer, const Contributor& contributor, Happening happening);
void Announce(db::Transaction& tx, Announcer& announcer, const Section& section, Happening happening);
void Announce(db::Transaction& tx, Announcer& announcer, const Tag& tag, Happening happening);
void Announce(db::Transaction& tx, Announcer& announcer, const Place& place, Happening happening);

}  // namespace masthead::articles

// What the feed says about contributors, sections and tags.
#pragma once

#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/taxonomy/taxonomy.h"

namespace masthead::articles {

// `created` tells a new one from a changed one.
void AnnounceContributor(db::Transaction& tx, Announcer& announcer, const Contributor& contributor, bool created);
void AnnounceTopic(db::Transaction& tx, Announcer& announcer, Topic::Kind kind, const Topic& topic, bool created);

}  // namespace masthead::articles

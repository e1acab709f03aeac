// What the feed says about articles that become public, change for readers, or are withdrawn. Events bear no text: who
// may read what is decided when it is read.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// `article.content` is the public one.
void AnnouncePublished(db::Transaction& tx, Announcer& announcer, const Article& article, bool first_publication,
                       absl::Time now);

// `former` is what readers had before.
void AnnounceUpdated(db::Transaction& tx, Announcer& announcer, const Article& article, const Content& former,
                     bool substantive, absl::Time now);

void AnnounceUnpublished(db::Transaction& tx, Announcer& announcer, const Article& article, absl::Time now);

}  // namespace masthead::articles

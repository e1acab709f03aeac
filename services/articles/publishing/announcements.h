// What the feed says about articles that become public, change for readers, or are withdrawn. Events bear no text: who
// may read what is decided when it is read. Of every article given here the content is what readers have, or had.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"
#include "masthead/articles/v1/events.pb.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/article/article.h"
#include "services/articles/publishing/publishing.h"

namespace masthead::articles {

// What everybody may know about a public article.
v1::ArticleFacts Facts(const Article& article, absl::Time now);

// article.published or article.updated. `former` is what readers had before, if only until a withdrawal; null if
// nothing ever.
void AnnouncePublication(db::Transaction& tx, Announcer& announcer, const Article& article,
                         const Publication& publication, const Content* former, absl::Time now);

void AnnounceUnpublished(db::Transaction& tx, Announcer& announcer, const Article& article, absl::Time now);

void AnnounceRetracted(db::Transaction& tx, Announcer& announcer, const Article& article, absl::Time now);

void AnnounceReinstated(db::Transaction& tx, Announcer& announcer, const Article& article, absl::Time now);

}  // namespace masthead::articles

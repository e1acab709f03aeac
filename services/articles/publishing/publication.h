// The one transaction of a publication: pointer, state, slug, what readers list, and the event, or nothing.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/article/article.h"
#include "services/articles/publishing/publishing.h"

namespace masthead::articles {

// Stores what publishing.h decided, and tells whom it concerns: `article` is locked by `tx`, its content is that of the
// revision that is published. kNothing is stored too: it ends a plan that had nothing left to do.
void StorePublication(db::Transaction& tx, Announcer& announcer, Article& article, const Publication& publication,
                      absl::Time now);

// Stores a withdrawal.
void StoreWithdrawal(db::Transaction& tx, Announcer& announcer, Article& article, absl::Time now);

// Stores a retraction: the article leaves every list, and its address tells the notice.
void StoreRetraction(db::Transaction& tx, Announcer& announcer, Article& article, absl::Time now);

// Stores the end of a retraction: readers have again what they had.
void StoreReinstatement(db::Transaction& tx, Announcer& announcer, Article& article, absl::Time now);

}  // namespace masthead::articles

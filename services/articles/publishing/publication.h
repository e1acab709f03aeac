// The one transaction of a publication: pointer, state, slug, what readers list, and the event, or nothing.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/article/article.h"
#include "services/articles/publishing/publishing.h"

namespace masthead::articles {

// Stores what publishing.h decided: `article` is locked by `tx`, its content is that of its published revision.
// `former_revision` was public before, 0 if none ever was.
void StorePublication(db::Transaction& tx, Announcer& announcer, Article& article, Outcome outcome,
                      int64_t former_revision, bool substantive, absl::Time now);

// Stores a withdrawal.
void StoreWithdrawal(db::Transaction& tx, Announcer& announcer, Article& article, absl::Time now);

}  // namespace masthead::articles

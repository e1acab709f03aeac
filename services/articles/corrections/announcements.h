// What the feed says about corrections.
#pragma once

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/article/article.h"
#include "services/articles/corrections/correction.h"

namespace masthead::articles {

// article.corrected: readers, who have the article, are told something else beside it.
void AnnounceCorrected(db::Transaction& tx, Announcer& announcer, const Article& article, const Correction& correction,
                       absl::Time now);

}  // namespace masthead::articles

// The edit of an article that comes with a correction: saved and published in the correction's transaction, so that
// readers never see the one without the other.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/announcing/announcer.h"
#include "services/articles/article/article.h"
#include "services/articles/editing/saving.h"
#include "services/articles/publishing/house_rules.h"

namespace masthead::articles {

// `article` is locked by `tx`. Of an edit that changes nothing only the correction is left. BAD_STATE unless readers
// have the article, UNPUBLISHED_CHANGES if they would get more than the edit, INVALID_FIELD if an embargo would keep it
// from them; and as Save and Publish.
absl::Status Mend(db::Transaction& tx, Announcer& announcer, const Editor& editor, const Written& mended,
                  const HouseRules& rules, absl::Time now, Article& article);

}  // namespace masthead::articles

// What stands at a path: decided here once, for ReadArticle and ResolvePath alike.
#pragma once

#include <string>

#include "common/db/database.h"
#include "services/articles/reading/path_resolution.h"

namespace masthead::articles {

// `/section/{slug}/{slug}...` is a section's, `/{language_code}/{slug}` an article's; where neither is, nor was, the
// newsroom's redirects are followed. `url_path` passed CheckPath.
PathResolution ResolvePath(db::Transaction& tx, const std::string& url_path);

// How long it may be kept that nothing is there: not beyond the next planned publication, which might be of this very
// path.
absl::Duration MaxAgeOfAbsence(db::Transaction& tx);

}  // namespace masthead::articles

// Many published articles, written by few statements: a store of a million takes minutes.
#pragma once

#include "tests/support/test_database.h"

namespace masthead::bench {

// `articles/a1`, `articles/a2`... at `/en/a1`, `/en/a2`..., the oldest first, in the section `national` and by the
// contributor `desk`. Searches do not find them yet.
void FillWithArticles(testing::TestDatabase& postgres, int articles);

}  // namespace masthead::bench

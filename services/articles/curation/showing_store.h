// Which articles readers have, now or at a later time if nobody does anything until then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/filter/filter.h"

namespace masthead::articles {

// A revision that readers have, or will have.
struct Showing {
  std::string article_id;
  int64_t revision = 0;
  absl::Time publish_time;
};

// The latest published first, but none of `excluded`. `filter` is one of PublishedFields. At `as_of`, if it is set:
// what is scheduled up to then counts as done, unless lawyers hold it.
std::vector<Showing> LoadLatestShowing(db::Transaction& tx, const filter::Filter& filter,
                                       const std::vector<std::string>& excluded, int limit,
                                       std::optional<absl::Time> as_of);

// Those of `ids` that readers have, in no order.
std::vector<Showing> LoadShowing(db::Transaction& tx, const std::vector<std::string>& ids,
                                 std::optional<absl::Time> as_of);

}  // namespace masthead::articles

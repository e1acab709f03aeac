// A reader's meter: which articles it has counted in its window.
//
// It counts distinct articles, so that reading one again is free, and so that the meters of one reader under two names
// can be put together: the union, never the sum.
#pragma once

#include <cstdint>
#include <vector>

#include "services/memberships/meters/meter_window.h"

namespace masthead::memberships {

// The most that a policy may give, and that a meter remembers.
inline constexpr int kMaxViews = 1000;

struct Meter {
  MeterWindow window;
  std::vector<int64_t> articles;  // Their keys, sorted, each once.

  bool operator==(const Meter&) const = default;
};

// What both have counted, in the later of their windows. Commutative, associative, idempotent. Beyond kMaxViews
// articles the rest is forgotten, the same whatever the order.
Meter Merge(const Meter& a, const Meter& b);

// What an article that is about to be read does to a meter.
struct Viewing {
  bool allowed = false;
  bool counts = false;  // It was not counted before, and is now.
  Meter meter;          // As it stands in the window, with the article if that is allowed.
};

// `window` is the current one; a meter never goes back to an earlier one. Allows at most `max_views` distinct articles
// a window, and those that were counted before in any case.
Viewing View(const Meter& meter, const MeterWindow& window, int64_t article, int32_t max_views);

int32_t ViewsLeft(const Meter& meter, int32_t max_views);

}  // namespace masthead::memberships

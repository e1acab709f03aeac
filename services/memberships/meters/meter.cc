#include "services/memberships/meters/meter.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace masthead::memberships {
namespace {

auto Order(const MeterWindow& window) { return std::tie(window.start, window.end); }

}  // namespace

Meter Merge(const Meter& a, const Meter& b) {
  if (a.window != b.window) return Order(a.window) < Order(b.window) ? b : a;
  Meter merged = {.window = a.window, .articles = {}};
  std::set_union(a.articles.begin(), a.articles.end(), b.articles.begin(), b.articles.end(),
                 std::back_inserter(merged.articles));
  if (merged.articles.size() > kMaxViews) merged.articles.resize(kMaxViews);
  return merged;
}

Viewing View(const Meter& meter, const MeterWindow& window, int64_t article, int32_t max_views) {
  Viewing viewing = {.meter = Merge(meter, {.window = window, .articles = {}})};
  std::vector<int64_t>& articles = viewing.meter.articles;
  const auto place = std::lower_bound(articles.begin(), articles.end(), article);
  if (place != articles.end() && *place == article) {
    viewing.allowed = true;
  } else if (static_cast<int64_t>(articles.size()) < max_views) {
    viewing.allowed = viewing.counts = true;
    articles.insert(place, article);
  }
  return viewing;
}

int32_t ViewsLeft(const Meter& meter, int32_t max_views) {
  return std::max(0, max_views - static_cast<int32_t>(meter.articles.size()));
}

}  // namespace masthead::memberships

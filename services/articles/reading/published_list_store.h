// Which articles are published, as readers ask for them.
#pragma once

#include <optional>
#include <vector>

#include "common/db/database.h"
#include "common/filter/filter.h"
#include "common/filter/order.h"

namespace masthead::articles {

// What published articles are filtered by, of `published_articles p`. Only what readers are shown: whoever may filter
// by a thing can find it out.
const filter::Fields& PublishedFields();

// INVALID_ARGUMENT, BAD_ORDER_BY. By default the latest first publication first, which never changes under a reader who
// pages.
absl::StatusOr<filter::Order> ParsePublishedOrder(absl::string_view order_by);

std::vector<filter::Position> LoadPublishedPage(db::Transaction& tx, const filter::Filter& filter,
                                                const filter::Order& order,
                                                const std::optional<filter::Position>& after, int limit);

}  // namespace masthead::articles

// Which articles there are, as the newsroom asks for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/db/database.h"
#include "common/filter/filter.h"
#include "common/filter/order.h"
#include "services/articles/article/article_store.h"

namespace masthead::articles {

// What working copies are filtered by.
const filter::Fields& ArticleFields();

// INVALID_ARGUMENT, BAD_ORDER_BY. By default the latest created first.
absl::StatusOr<filter::Order> ParseArticleOrder(absl::string_view order_by);

// Articles after `after`.
std::vector<filter::Position> LoadArticlePage(db::Transaction& tx, const filter::Filter& filter,
                                              const filter::Order& order, const std::optional<filter::Position>& after,
                                              int limit, Deleted deleted = Deleted::kLeftOut);

// How many there are, but `most` if there are more.
int CountArticles(db::Transaction& tx, const filter::Filter& filter, int most, Deleted deleted = Deleted::kLeftOut);

// An article as it is just now.
struct ArticleVersion {
  std::string id;
  int64_t version = 0;
};

// Those that fit `filter` (of ArticleFields), the latest created first, at most `limit`.
std::vector<ArticleVersion> LoadMatching(db::Transaction& tx, const filter::Filter& filter, int limit);

}  // namespace masthead::articles

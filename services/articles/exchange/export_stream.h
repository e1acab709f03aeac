// One call of ExportArticles: the catalogue, then article by article.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "common/db/database.h"
#include "common/filter/filter.h"
#include "common/filter/order.h"
#include "common/rpc/stream.h"
#include "masthead/articles/v1/exchange_service.pb.h"

namespace masthead::articles {

// Holds the messages of one article, of which at least those are needed that readers have, that are planned, and the
// latest.
class ExportStream final : public rpc::Stream<v1::ExportArticlesResponse> {
 public:
  using Next = rpc::Next<v1::ExportArticlesResponse>;

  // Goes on after the article at `after`.
  ExportStream(db::Database& database, filter::Filter filter, filter::Order order,
               std::optional<filter::Position> after, bool all_revisions);

  absl::StatusOr<Next> Ask(const Scope& scope) override;

 private:
  void LoadCatalogue(db::Transaction& tx, std::deque<v1::ExportArticlesResponse>& messages) const;
  // False after the last.
  bool LoadNextArticle(db::Transaction& tx, std::deque<v1::ExportArticlesResponse>& messages,
                       std::optional<filter::Position>& position) const;

  db::Database& database_;
  const filter::Filter filter_;
  const filter::Order order_;
  const bool all_revisions_;
  std::optional<filter::Position> position_;
  bool catalogue_is_out_ = false;
  std::deque<v1::ExportArticlesResponse> messages_;
};

}  // namespace masthead::articles

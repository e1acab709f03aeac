// Keeps what published articles are found by in step with what readers have.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

// In the transaction of a publication: `article` is published, its content that of its published revision.
void IndexPublication(db::Transaction& tx, const Article& article);

// Indexes in the background what no publication has: articles from before there was a search, those that an older
// binary published while this one was rolled out, and all of them after a change of the analysis. Every replica may do
// so.
class SearchIndexer {
 public:
  explicit SearchIndexer(db::Database& database) : database_(database) {}

  // Indexes at most `limit` articles, going on where it stopped before, and gives their number; 0 at the end, after
  // which it begins anew.
  absl::StatusOr<int> IndexSome(const Scope& scope, int limit);

  // IndexSome until there is nothing left; gives the time until it is worth looking again.
  absl::Duration Run(const Scope& scope);

 private:
  db::Database& database_;
  std::string after_;
};

}  // namespace masthead::articles

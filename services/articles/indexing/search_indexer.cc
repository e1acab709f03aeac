#include "services/articles/indexing/search_indexer.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/articles/article/article_store.h"
#include "services/articles/indexing/lexemes.h"
#include "services/articles/indexing/search_document.h"
#include "services/articles/indexing/search_document_store.h"

namespace masthead::articles {
namespace {

constexpr int kBatch = 50;
constexpr absl::Duration kInterval = absl::Minutes(10);
constexpr absl::Duration kPauseAfterFailure = absl::Seconds(5);

prometheus::Counter& IndexedInBackground() {
  static prometheus::Counter& counter = telemetry::Counter("masthead_articles_search_indexed_total",
                                                           "Articles that were indexed after their publication.");
  return counter;
}

void Index(db::Transaction& tx, const std::string& article_id, int64_t revision, const std::string& language_code,
           const Content& content) {
  std::vector<std::string> contributor_ids;
  std::vector<std::string> names;
  for (const Byline& byline : content.bylines) {
    if (byline.display_name_override.empty()) {
      contributor_ids.push_back(byline.contributor_id);
    } else {
      names.push_back(byline.display_name_override);
    }
  }
  for (std::string& name : LoadShownNames(tx, content.tag_ids, contributor_ids)) names.push_back(std::move(name));
  PutSearchDocument(tx, article_id, revision, kAnalysisVersion, MakeSearchDocument(content, names, language_code));
}

}  // namespace

void IndexPublication(db::Transaction& tx, const Article& article) {
  Index(tx, article.id, article.published_revision, article.language_code, article.content);
}

absl::StatusOr<int> SearchIndexer::IndexSome(const Scope& scope, int limit) {
  ASSIGN_OR_RETURN(const std::vector<Unindexed> batch, database_.Write(scope, [&](db::Transaction& tx) {
    std::vector<Unindexed> unindexed = LoadUnindexed(tx, after_, kAnalysisVersion, limit);
    for (const Unindexed& entry : unindexed) {
      const std::optional<Revision> revision = LoadRevision(tx, entry.article_id, entry.revision);
      if (revision.has_value()) Index(tx, entry.article_id, entry.revision, entry.language_code, revision->content);
    }
    return unindexed;
  }));
  after_ = batch.empty() ? "" : batch.back().article_id;
  IndexedInBackground().Increment(static_cast<double>(batch.size()));
  return static_cast<int>(batch.size());
}

absl::Duration SearchIndexer::Run(const Scope& scope) {
  for (;;) {
    const absl::StatusOr<int> indexed = IndexSome(scope, kBatch);
    if (indexed.ok() && *indexed == 0) return kInterval;
    if (indexed.ok()) continue;
    if (!absl::IsCancelled(indexed.status()) && !absl::IsDeadlineExceeded(indexed.status())) {
      telemetry::Warning("articles are not indexed", {{"error", indexed.status().ToString()}});
      return kPauseAfterFailure;
    }
    return absl::ZeroDuration();
  }
}

}  // namespace masthead::articles

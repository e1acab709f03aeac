// What was done to articles. Each write of one leaves a row in article_writes, in the statement that writes it
// (article_store.cc); the audit rows tell who did it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/articles/article/article.h"

namespace masthead::articles {

struct ArticleEvent {
  // What can be told of an article before or after it.
  struct Standing {
    Article::State state = Article::State::kDraft;
    int64_t revision = 0;
    int64_t published_revision = 0;
  };

  int64_t version = 0;  // That it made.
  absl::Time time;
  std::optional<Standing> before;  // Unset for what was created.
  Standing after;
  bool deleted = false;
  std::string actor;  // This and what follows is empty for what the service did by itself.
  std::string method;
  std::string request_id;
  std::string traceparent;
};

// Also one that was purged.
bool WasThereArticle(db::Transaction& tx, const std::string& id);

// The latest first, those of versions before `before`.
std::vector<ArticleEvent> LoadArticleEvents(db::Transaction& tx, const std::string& article_id, int64_t before,
                                            int limit);

}  // namespace masthead::articles

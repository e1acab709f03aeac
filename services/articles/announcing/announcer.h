// Tells the other services, and this one's own cache, what happened: an event in the transaction of the change.
#pragma once

#include <functional>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "masthead/articles/v1/events.pb.h"
#include "services/articles/editing/article.h"
#include "services/articles/taxonomy/taxonomy.h"

namespace masthead::articles {

// Thread-safe.
class Announcer {
 public:
  // `after_commit` hears of this process's own events as soon as they are committed.
  Announcer(events::Feed& feed, std::function<void(const v1::Event&)> after_commit);

  void ArticlePublished(db::Transaction& tx, const Article& article, bool first_publication, absl::Time now);
  void ArticleUpdated(db::Transaction& tx, const Article& article, const Content& former, bool substantive,
                      absl::Time now);
  void ArticleUnpublished(db::Transaction& tx, const Article& article, absl::Time now);

  // `created` tells a new one from a changed one.
  void ContributorChanged(db::Transaction& tx, const Contributor& contributor, bool created);
  void TopicChanged(db::Transaction& tx, Topic::Kind kind, const Topic& topic, bool created);

 private:
  void Append(db::Transaction& tx, const std::string& type, const std::string& resource, int64_t revision,
              absl::Time now, v1::Event event);

  events::Feed& feed_;
  std::function<void(const v1::Event&)> after_commit_;
};

}  // namespace masthead::articles

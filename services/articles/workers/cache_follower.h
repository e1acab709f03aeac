// Keeps the cache of answers true: follows the service's own feed for the publications of every replica.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/clock/clock.h"
#include "common/events/feed.h"
#include "services/articles/reading/article_answers.h"

namespace masthead::articles {

// How long the cache goes on answering while the feed cannot be read: readers keep reading through a short outage of
// the database, but a withdrawal takes effect everywhere within this time.
inline constexpr absl::Duration kMaxStaleness = absl::Seconds(60);

class CacheFollower {
 public:
  CacheFollower(events::Feed& feed, AnswerCache& cache, const Clock& clock)
      : feed_(feed), cache_(cache), clock_(clock) {}

  // Follows what has come, and gives the time until it is worth looking again.
  absl::Duration Run(const Scope& scope);

 private:
  absl::Status FollowNext(const Scope& scope, bool& more);

  events::Feed& feed_;
  AnswerCache& cache_;
  const Clock& clock_;
  std::optional<std::string> cursor_;
  absl::Time last_contact_ = absl::InfinitePast();
};

}  // namespace masthead::articles

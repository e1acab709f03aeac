// Tells the other services, and this one's own cache, what happened: an event in the transaction of the change.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "masthead/articles/v1/events.pb.h"

namespace masthead::articles {

// Thread-safe.
class Announcer {
 public:
  // `after_commit` hears of this process's own events as soon as they are committed.
  Announcer(events::Feed& feed, std::function<void(const v1::Event&)> after_commit);

  // `event` holds the payload; the rest is filled in here. `type` is what the event is called ("article.published"),
  // `revision` the version that the change gave `resource`.
  void Announce(db::Transaction& tx, const std::string& type, const std::string& resource, int64_t revision,
                absl::Time now, v1::Event event);

 private:
  events::Feed& feed_;
  std::function<void(const v1::Event&)> after_commit_;
};

}  // namespace masthead::articles

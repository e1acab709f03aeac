#include "services/articles/announcing/announcer.h"

#include <utility>

#include "common/events/announcement.h"
#include "common/failpoint/failpoint.h"

namespace masthead::articles {

Announcer::Announcer(events::Feed& feed, std::function<void(const v1::Event&)> after_commit)
    : feed_(feed), after_commit_(std::move(after_commit)) {}

void Announcer::Announce(db::Transaction& tx, const std::string& type, const std::string& resource, int64_t revision,
                         absl::Time now, v1::Event event) {
  event = events::Announce(tx, feed_, {.type = type, .resource = resource, .revision = revision, .time = now},
                           std::move(event));
  failpoint::Hit("articles.publish.appended");
  tx.AfterCommit([this, event = std::move(event)] { after_commit_(event); });
}

}  // namespace masthead::articles

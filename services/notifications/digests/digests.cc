#include "services/notifications/digests/digests.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/base/status_macros.h"
#include "common/db/now.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/uuid.h"
#include "services/notifications/following/topic_store.h"
#include "services/notifications/messages/announcements.h"
#include "services/notifications/messages/audience_store.h"
#include "services/notifications/messages/digest_store.h"
#include "services/notifications/messages/message_store.h"
#include "services/notifications/templates/template_store.h"

namespace masthead::notifications {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);
// Yesterday's news is told today, not tomorrow.
constexpr absl::Duration kExpiry = absl::Hours(12);
constexpr char kTemplate[] = "digest";
constexpr char kHeadline[] = "News of your topics";

Message MakeDigest(absl::Time due_time, const std::vector<Topic>& topics, int template_revision, absl::Time now) {
  Message message;
  message.id = ids::NewUuid();
  message.dedupe_key = absl::StrCat("digests/", absl::FormatTime(absl::RFC3339_sec, due_time, absl::UTCTimeZone()));
  message.source = "DIGEST";
  message.lane = "DIGEST";
  message.category = "DIGEST";
  message.channels = kEmail;
  message.template_id = kTemplate;
  message.template_revision = template_revision;
  message.alert.headline = kHeadline;
  for (const Topic& topic : topics) message.topics.push_back(topic.id);
  message.digest_time = due_time;
  message.create_time = now;
  message.expire_time = due_time + kExpiry;
  return message;
}

}  // namespace

absl::StatusOr<bool> Digests::Step(const Cancellation& stopping) {
  const Scope scope = {.deadline = absl::Now() + kPatience, .cancellation = &stopping};
  return database_.Write(scope, [&](db::Transaction& tx) -> absl::StatusOr<bool> {
    const std::optional<absl::Time> due_time = TakeDueDigest(tx, kDigestGrace);
    if (!due_time) return false;
    const std::vector<Topic> topics = LoadLivingTopics(tx, LoadTopicsOfDigest(tx, *due_time));
    const absl::Time now = db::Now(tx);
    // Every story was taken out again, or the service was away for so long that all of it is old.
    if (topics.empty() || now > *due_time + kExpiry) return true;
    ASSIGN_OR_RETURN(const int revision, NewestRevision(tx, kTemplate));
    Message message = MakeDigest(*due_time, topics, revision, now);
    if (!InsertMessage(tx, message, topics)) return true;
    Audience audience;
    audience.digest_time = *due_time;
    InsertAudience(tx, message.number, audience);
    AnnounceMessageCreated(tx, feed_, message);
    tx.AfterCommit([this] { made_.Ring(); });
    failpoint::Hit("notifications.digest.made");
    return true;
  });
}

}  // namespace masthead::notifications

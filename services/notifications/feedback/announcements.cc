#include "services/notifications/feedback/announcements.h"

#include <string>
#include <utility>

#include "common/db/now.h"
#include "common/events/announcement.h"
#include "masthead/notifications/v1/events.pb.h"
#include "services/notifications/sending/delivery.h"

namespace masthead::notifications {
namespace {

// A delivery comes back once, then for good, then is complained of: its events rise in that order.
int64_t RevisionOf(const DeliveryStanding& after) {
  if (after.state == "COMPLAINED") return 3;
  return after.reason == "HARD_BOUNCE" ? 2 : 1;
}

}  // namespace

void AnnounceFeedback(db::Transaction& tx, events::Feed& feed, const FeedbackTarget& target, const Feedback& feedback,
                      const DeliveryStanding& after) {
  const std::string name = DeliveryName(target.message_id, target.seq);
  v1::Event event;
  std::string type;
  if (after.state == "BOUNCED") {
    type = "delivery.bounced";
    event.mutable_delivery_bounced()->set_delivery(name);
    event.mutable_delivery_bounced()->set_permanent(after.reason == "HARD_BOUNCE");
    event.mutable_delivery_bounced()->set_enhanced_code(feedback.enhanced_code);
  } else if (after.state == "COMPLAINED") {
    type = "delivery.complained";
    event.mutable_delivery_complained()->set_delivery(name);
  } else {
    return;
  }
  events::Announce(tx, feed, {.type = type, .resource = name, .revision = RevisionOf(after), .time = db::Now(tx)},
                   std::move(event));
}

}  // namespace masthead::notifications

// A way of reaching endpoints, as senders use it.
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/notifications/messages/message.h"
#include "services/notifications/sending/chunk_store.h"

namespace masthead::notifications {

// Used by one thread: each sender has its own.
class Channel {
 public:
  struct HandedOver {
    // One for each delivery of the window.
    std::vector<Decision> decisions;
    // False: whoever takes deliveries of this channel could not be had at all; there is no reason to hurry.
    bool reachable = true;
  };

  virtual ~Channel() = default;

  // Hands over the deliveries of `window`, whose intents are committed; all are of this channel. Decides about each,
  // not much later than `deadline`. Nothing may be handed over after it has returned.
  virtual HandedOver Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                          absl::Time deadline) = 0;

  // Effects in our own database that belong to the outcomes, in their transaction.
  virtual void Record(db::Transaction& /*tx*/, const Lease& /*lease*/, const Message& /*message*/,
                      const std::vector<Decision>& /*decisions*/) {}

  // Closes connections that were not used for so long.
  virtual void CloseIdle(absl::Duration /*idle*/) {}
};

}  // namespace masthead::notifications

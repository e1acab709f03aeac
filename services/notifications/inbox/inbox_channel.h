// Messages into inboxes. The hand-over is an entry in our own database, in the transaction that records its outcome: it
// happens exactly once.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "services/notifications/inbox/inbox_hub.h"
#include "services/notifications/sending/channel.h"

namespace masthead::notifications {

class InboxChannel final : public Channel {
 public:
  // `hub` outlives this.
  explicit InboxChannel(InboxHub& hub) : hub_(hub) {}

  HandedOver Send(const Lease& lease, const Message& message, const std::vector<Due>& window,
                  absl::Time deadline) override;
  void Record(db::Transaction& tx, const Lease& lease, const Message& message,
              const std::vector<Decision>& decisions) override;

 private:
  InboxHub& hub_;
  // By seq, of the window under way, which may be another message's: then they are nobody's business any more.
  int64_t message_number_ = 0;
  std::map<int64_t, int64_t> recipient_numbers_;
};

}  // namespace masthead::notifications

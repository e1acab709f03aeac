// What the service does unasked: announcing what time and numbers changed, billing what is due, and handing gifts over.
// The rows are the jobs; every replica runs this, and any of them may stop at any moment.
#pragma once

#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/crypto/mac.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/worker/repeating_thread.h"
#include "services/memberships/gifts/gift_codes.h"

namespace masthead::memberships {

class Worker {
 public:
  Worker(db::Database& database, events::Feed& feed, const crypto::MacKey& mac_key, absl::TimeZone newsroom_zone);

  void Start();
  // Waits for the steps under way.
  void Stop();

 private:
  // All that is due; these give the time until it is worth looking again.
  absl::Duration AnnounceChanges(const Scope& scope);
  absl::Duration BillSubscriptions(const Scope& scope);
  absl::Duration HandOverGifts(const Scope& scope);

  db::Database& database_;
  events::Feed& feed_;
  const GiftCodes gift_codes_;
  const absl::TimeZone newsroom_zone_;
  worker::RepeatingThread thread_;
  worker::RepeatingThread billing_;
  worker::RepeatingThread gifts_;
};

}  // namespace masthead::memberships

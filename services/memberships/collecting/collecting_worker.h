// What is done about money unasked: providers are asked for what is due, events that wait are tried again, and lost
// ones are looked for. Every replica runs this, and any of them may stop at any moment.
#pragma once

#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "common/worker/repeating_thread.h"
#include "services/memberships/collecting/inbox.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

class CollectingWorker {
 public:
  // All arguments outlive this.
  CollectingWorker(db::Database& database, events::Feed& feed, Inbox& inbox, const Providers& providers);

  void Start();
  // Waits for the question under way.
  void Stop();

 private:
  absl::Duration Ask(const Scope& scope);
  absl::Duration RetryParked(const Scope& scope);
  absl::Duration LookForLostEvents(const Scope& scope);

  db::Database& database_;
  events::Feed& feed_;
  Inbox& inbox_;
  const Providers& providers_;
  worker::RepeatingThread asking_;
  worker::RepeatingThread asking_too_;
  worker::RepeatingThread retrying_;
  worker::RepeatingThread reconciling_;
};

}  // namespace masthead::memberships

// What every service clears away by itself, so that no table grows for ever: answers to repeated requests after a day,
// events after 30 days, audit rows after the operator's time. In batches; every replica does it.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/worker/repeating_thread.h"

namespace masthead::service {

class Maintenance {
 public:
  // `audit_kept` is at least idempotency::kLeastAuditRetention. `database` outlives this.
  Maintenance(db::Database& database, absl::Duration audit_kept);

  void Start() { thread_.Start(); }
  // Waits for the batch under way.
  void Stop() { thread_.Stop(); }

  // One batch of each kind; whether more may be left.
  absl::StatusOr<bool> Run(const Scope& scope);

 private:
  db::Database& database_;
  const absl::Duration audit_kept_;
  worker::RepeatingThread thread_;
};

}  // namespace masthead::service

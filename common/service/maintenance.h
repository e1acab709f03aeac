// What every service clears away by itself, so that no table grows for ever: answers to repeated requests after a day,
// events after 30 days, audit rows after the operator's time, and what the service has of its own. In batches; every
// replica does it.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/worker/repeating_thread.h"

namespace masthead::service {

class Maintenance {
 public:
  // Clears away one batch of what is a service's own; whether more may be left.
  using Own = std::function<absl::StatusOr<bool>(const Scope& scope)>;

  // `audit_kept` is at least idempotency::kLeastAuditRetention. `database` outlives this.
  Maintenance(db::Database& database, absl::Duration audit_kept, Own own = nullptr);

  void Start() { thread_.Start(); }
  // Waits for the batch under way.
  void Stop() { thread_.Stop(); }

  // One batch of each kind; whether more may be left.
  absl::StatusOr<bool> Run(const Scope& scope);

 private:
  db::Database& database_;
  const absl::Duration audit_kept_;
  const Own own_;
  worker::RepeatingThread thread_;
};

}  // namespace masthead::service

// What is done for privacy unasked: providers are told to forget who was erased, and keys of rows are wrapped again
// after the key that wraps them was replaced. Every replica runs this, and any of them may stop at any moment.
#pragma once

#include "common/base/scope.h"
#include "common/db/database.h"
#include "common/worker/repeating_thread.h"
#include "services/memberships/members/address_keys.h"
#include "services/memberships/payments/providers.h"
#include "services/memberships/privacy/rewrapping.h"

namespace masthead::memberships {

class PrivacyWorker {
 public:
  // All arguments outlive this.
  PrivacyWorker(db::Database& database, const Providers& providers, const AddressKeys& keys);

  void Start();
  // Waits for the step under way.
  void Stop();

 private:
  absl::Duration TakeLeaves(const Scope& scope);
  absl::Duration Rewrap(const Scope& scope);

  db::Database& database_;
  const Providers& providers_;
  Rewrapping rewrapping_;
  worker::RepeatingThread leaving_;
  worker::RepeatingThread wrapping_;
};

}  // namespace masthead::memberships

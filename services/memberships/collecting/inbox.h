// Where providers' events come in. An event is entered and has its effect in one transaction, so that whoever tells it
// again, at the same moment or after a crash, has none.
#pragma once

#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/scope.h"
#include "common/clock/clock.h"
#include "common/db/database.h"
#include "common/events/feed.h"
#include "services/memberships/collecting/inbox_event.h"
#include "services/memberships/payments/providers.h"

namespace masthead::memberships {

class Inbox {
 public:
  // All arguments outlive this.
  Inbox(db::Database& database, events::Feed& feed, const Providers& providers, const Clock& clock);

  // What came from outside: its signature is verified over `body` as it is. Names of `headers` are in any case. An
  // event that had its effect before is answered as kDuplicate. PROVIDER_NOT_FOUND, BAD_SIGNATURE,
  // PROVIDER_EVENT_REJECTED (it is entered all the same), INVALID_ARGUMENT, UNAVAILABLE.
  absl::StatusOr<InboxEvent> Ingest(const Scope& scope, absl::string_view provider, const std::string& body,
                                    const std::map<std::string, std::string>& headers);

  // What the provider itself listed.
  absl::StatusOr<InboxEvent> Take(const Scope& scope, PaymentProvider& provider, const std::string& body);

  // Once more, as if it had just come, in the transaction that `write` makes and calls it with.
  using Step = absl::FunctionRef<absl::StatusOr<InboxEvent>(db::Transaction&)>;
  absl::Status Replay(const Scope& scope, absl::string_view provider, absl::string_view id,
                      absl::FunctionRef<absl::Status(Step)> write);

  // One parked event that is due; false if there is none.
  absl::StatusOr<bool> RetryParked(const Scope& scope);

 private:
  InboxEvent Enter(db::Transaction& tx, const PaymentProvider& provider, const ProviderEvent& event,
                   const std::string& body);
  void Apply(db::Transaction& tx, const ProviderEvent& event, InboxEvent& entered);

  db::Database& database_;
  events::Feed& feed_;
  const Providers& providers_;
  const Clock& clock_;
};

}  // namespace masthead::memberships

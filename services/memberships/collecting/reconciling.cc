#include "services/memberships/collecting/reconciling.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/base/status_macros.h"
#include "common/telemetry/log.h"
#include "services/memberships/collecting/cursor_store.h"
#include "services/memberships/collecting/inbox_store.h"
#include "services/memberships/payments/provider.h"

namespace masthead::memberships {
namespace {

constexpr absl::Duration kPause = absl::Minutes(10);
constexpr absl::Duration kLease = absl::Minutes(10);

// Whether it had been lost. One that is refused as it stands will always be: it is not waited for.
absl::StatusOr<bool> TakeIfLost(db::Database& database, Inbox& inbox, PaymentProvider& provider, const Scope& scope,
                                const std::string& event_id, const std::string& body) {
  ASSIGN_OR_RETURN(const bool known, database.Read(scope, [&](db::Transaction& tx) {
    return HasEventOfProvider(tx, provider.name(), event_id);
  }));
  if (known) return false;
  const absl::Status status = inbox.Take(scope, provider, body).status();
  if (status.ok() || absl::IsFailedPrecondition(status)) return true;
  if (!absl::IsInvalidArgument(status)) return status;
  telemetry::Error("a provider lists what is no event", {{"provider", provider.name()}, {"event", event_id}});
  return false;
}

// A page of the provider's list; nothing if it is not its turn.
struct Progress {
  int lost = 0;
  bool more = false;
};
absl::StatusOr<Progress> ReconcileOne(db::Database& database, Inbox& inbox, PaymentProvider& provider,
                                      const Scope& scope) {
  ASSIGN_OR_RETURN(const std::optional<std::string> cursor, database.Write(scope, [&](db::Transaction& tx) {
    return LeaseCursor(tx, provider.name(), kLease);
  }));
  Progress progress;
  if (!cursor) return progress;
  ASSIGN_OR_RETURN(const ProviderEventPage page, provider.ListEvents(scope, *cursor));
  for (const auto& [event_id, body] : page.events) {
    ASSIGN_OR_RETURN(const bool lost, TakeIfLost(database, inbox, provider, scope, event_id, body));
    progress.lost += lost;
  }
  progress.more = !page.events.empty() && page.next_cursor != *cursor;
  RETURN_IF_ERROR(database.Write(scope, [&](db::Transaction& tx) {
    SaveCursor(tx, provider.name(), page.next_cursor, progress.more ? absl::ZeroDuration() : kPause);
    return absl::OkStatus();
  }));
  return progress;
}

}  // namespace

absl::StatusOr<int> Reconcile(db::Database& database, Inbox& inbox, const Providers& providers, const Scope& scope) {
  int lost = 0;
  for (const std::unique_ptr<PaymentProvider>& provider : providers.all()) {
    Progress progress;
    do {
      ASSIGN_OR_RETURN(progress, ReconcileOne(database, inbox, *provider, scope));
      lost += progress.lost;
    } while (progress.more && !scope.cancelled());
  }
  if (lost > 0) telemetry::Warning("events of payment providers had been lost", {{"events", absl::StrCat(lost)}});
  return lost;
}

}  // namespace masthead::memberships

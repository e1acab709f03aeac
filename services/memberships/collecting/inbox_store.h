// The inbox of providers' events in Postgres.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/collecting/inbox_event.h"

namespace masthead::memberships {

// False if the provider's event is there; waits for a transaction that is about to enter it.
bool InsertInboxEvent(db::Transaction& tx, const InboxEvent& event);

std::optional<InboxEvent> LoadInboxEvent(db::Transaction& tx, absl::string_view provider, absl::string_view id);
std::optional<InboxEvent> LockInboxEvent(db::Transaction& tx, absl::string_view provider, absl::string_view id);
// By the provider's ID.
std::optional<InboxEvent> LockEventOfProvider(db::Transaction& tx, absl::string_view provider,
                                              absl::string_view event_id);
bool HasEventOfProvider(db::Transaction& tx, absl::string_view provider, absl::string_view event_id);

// Stores what became of it.
void SaveInboxEvent(db::Transaction& tx, const InboxEvent& event);

// Takes one parked event that is due, for as long as `lease`.
std::optional<InboxEvent> LeaseParkedEvent(db::Transaction& tx, absl::Duration lease);

// Parked events of the provider about one of `object_refs` are due at once. How many.
int FreeParkedEvents(db::Transaction& tx, absl::string_view provider, const std::vector<std::string>& object_refs);

// Without their bodies, the newest first, below the place (`before_time`, `before_id`); of one state, or all.
std::vector<InboxEvent> LoadInboxEvents(db::Transaction& tx, absl::string_view provider,
                                        std::optional<InboxEvent::State> state, absl::Time before_time,
                                        absl::string_view before_id, int limit);

}  // namespace masthead::memberships

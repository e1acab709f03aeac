// What bounces and complaints do to addresses, in Postgres. An address is that of a delivery's endpoint; never one that
// a report names, for anybody can write one. A delivery that was sent before its endpoint got another address says
// nothing about that.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/db/database.h"

namespace masthead::notifications {

// An address that is unable this often, with nothing that arrived in between, is left alone for a while.
inline constexpr int kSoftBouncesInARow = 5;
inline constexpr absl::Duration kSoftBounceWindow = absl::Hours(14 * 24);
inline constexpr absl::Duration kSoftBouncePause = absl::Hours(30 * 24);

// Suppresses the addresses of deliveries without end, for HARD_BOUNCE or COMPLAINT. What is suppressed without end
// already keeps its reason. Returns how many addresses that changed.
int64_t SuppressAddresses(db::Transaction& tx, int64_t message_number, const std::vector<int64_t>& seqs,
                          absl::string_view reason);

// Counts a soft bounce of each delivery; suppresses for a while, as SOFT_BOUNCES, whose row is full. The caller counts
// each delivery once.
void CountSoftBounces(db::Transaction& tx, int64_t message_number, const std::vector<int64_t>& seqs);

// A delivery arrived: its address is able.
void ForgetSoftBounces(db::Transaction& tx, int64_t message_number, int64_t seq);

// Forgets rows that began too long ago to be filled; at most `limit`. Returns how many.
int64_t RemoveOldSoftBounces(db::Transaction& tx, int limit);

}  // namespace masthead::notifications

// Seats in Postgres.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/db/database.h"
#include "services/memberships/seats/seat.h"

namespace masthead::memberships {

// Nobody else can take, hold or give up a seat of the subscription until `tx` ends.
std::optional<Group> LockGroup(db::Transaction& tx, absl::string_view subscription_id);
std::optional<Group> LoadGroup(db::Transaction& tx, absl::string_view subscription_id);

// How many seats are taken at `now`, and how many of the others are held; the owner's is among the taken.
struct SeatUse {
  int64_t taken = 1;
  int64_t held = 0;

  int64_t used() const { return taken + held; }
};
SeatUse LoadSeatUse(db::Transaction& tx, absl::string_view subscription_id, absl::Time now);

// The following are about subscriptions that `tx` has locked, where they write.
void InsertSeat(db::Transaction& tx, const Seat& seat);
std::optional<Seat> LoadSeat(db::Transaction& tx, absl::string_view subscription_id, absl::string_view id);
std::optional<Seat> LoadSeatByCode(db::Transaction& tx, absl::string_view code_hash);
std::optional<Seat> LoadSeatOfHolder(db::Transaction& tx, absl::string_view subscription_id,
                                     absl::string_view member_id);
std::optional<Seat> LoadSeatOfInvited(db::Transaction& tx, absl::string_view subscription_id,
                                      absl::string_view email_key);
// By ID, after `after`.
std::vector<Seat> LoadSeats(db::Transaction& tx, absl::string_view subscription_id, absl::string_view after, int limit);
// Of those that count at `now`, the newest first: invitations before those who sit.
std::vector<Seat> LoadSeatsToTrim(db::Transaction& tx, absl::string_view subscription_id, absl::Time now,
                                  int64_t limit);
// Stores all of `seat`, and raises its revision.
void SaveSeat(db::Transaction& tx, Seat& seat);
void DeleteSeat(db::Transaction& tx, const Seat& seat);

// Moves the end of all grants of the subscription's seats that run and give the tier; whose they are has the same
// before and after.
void MoveRunningSeatGrants(db::Transaction& tx, absl::string_view subscription_id, absl::string_view tier_id,
                           std::optional<absl::Time> end_time);
// Those who sit without a grant of the tier until then.
std::vector<Seat> LoadSeatsWithoutGrant(db::Transaction& tx, absl::string_view subscription_id,
                                        absl::string_view tier_id, std::optional<absl::Time> end_time);
// Those who sit and have a grant for it.
std::vector<Seat> LoadSeatsWithGrant(db::Transaction& tx, absl::string_view subscription_id);

}  // namespace masthead::memberships

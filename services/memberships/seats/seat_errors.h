// What can be wrong with a seat.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace masthead::memberships {

absl::Status NoSeats(int64_t limit);
absl::Status SeatNotFound(absl::string_view name);
absl::Status InvitationOver();

}  // namespace masthead::memberships
